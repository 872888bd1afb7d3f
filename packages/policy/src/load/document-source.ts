import { appendPointer, clonePlain, PlainDataError, type JsonObject, type JsonValue } from '@callgate/canonical';

import { PathSlots } from '../conditions/path-slots.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { PolicyError } from '../errors.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { IssueList } from './issues.ts';
import type { SourceMap } from './source-map.ts';

/** Where a document came from, and what it may refer to. */
export interface PolicySource {
  /** Its file's name, for messages and locations; it is not opened. */
  readonly file?: string;
  /** The argument kinds that envelopes may name; default none. `@callgate/arguments` has the standard ones. */
  readonly kinds?: readonly ArgumentKind[];
}

/** What compiling a document needs to know besides the document. */
export function contextOf(issues: IssueList, sourceMap: SourceMap, source: PolicySource): CompileContext {
  return {
    issues,
    kinds: new Map((source.kinds ?? []).map((kind) => [kind.name, kind])),
    slots: new PathSlots(),
    location: (pointer) => sourceMap.location(pointer),
  };
}

/**
 * A document as frozen plain data of its own. Members that are undefined count as absent.
 *
 * @throws {PolicyError} where it is not plain data, or too large
 */
export function cloneDocument(document: unknown, sourceMap: SourceMap): JsonValue {
  try {
    return clonePlain(document, { maxNodes: 400_000 }, { dropUndefined: true });
  } catch (error) {
    if (!(error instanceof PlainDataError)) throw error;
    const issues = new IssueList(sourceMap);
    issues.add(error.pointer, error.expected, error.got);
    const isTooLarge = error.code === 'CALLGATE_CANONICAL_TOO_LARGE';
    throw new PolicyError(isTooLarge ? 'CALLGATE_POLICY_TOO_LARGE' : 'CALLGATE_POLICY_INVALID', issues.sorted(), {
      cause: error,
    });
  }
}

/** An own `__proto__` key is data to us but nothing to the schema library, so it must not be there to be overlooked. */
export function refuseHiddenKeys(value: JsonValue, pointer: string, issues: IssueList): void {
  if (!hasHiddenKey(value) || typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = appendPointer(pointer, key);
    if (key === '__proto__') issues.add(at, 'another name', '`__proto__`, which cannot be used as a name in a policy');
    refuseHiddenKeys(item, at, issues);
  }
}

function hasHiddenKey(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some(hasHiddenKey);
  return Object.hasOwn(value, '__proto__') || Object.values(value as JsonObject).some(hasHiddenKey);
}
