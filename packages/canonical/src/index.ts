export { canonicalize } from './canonical-json.ts';
export { ManualClock, type Clock, type Instant } from './clock.ts';
export { deepFreeze } from './deep-freeze.ts';
export { digest, digestJson, isDigest, type Digest } from './digest.ts';
export { CallgateError, InternalError, PlainDataError, excerpt, type CanonicalErrorCode } from './errors.ts';
export { createIdSource, createSequentialIds, type IdSource } from './ids.ts';
export { appendPointer, parsePointer, resolvePointer } from './json-pointer.ts';
export { isJsonArray, isJsonObject, own, type JsonArray, type JsonObject, type JsonValue } from './json.ts';
export { DEFAULT_PLAIN_DATA_LIMITS, clonePlain, type PlainDataLimits, type PlainDataOptions } from './plain-data.ts';
