import { isJsonObject, own, resolvePointer, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { CompiledServer } from '@callgate/policy';

const PARAMETER_PREFIX = 'mcp-param-';
const MAX_HEADERS = 64;
const MAX_SCHEMA_DEPTH = 32;

/** One argument that a tool's schema asks to see mirrored in a header (`x-mcp-header`, SEP-2243). */
interface HeaderDeclaration {
  readonly header: string;
  readonly path: readonly string[];
}

/**
 * The per-request headers that may leave: those the policy allows, and `Mcp-Param-*` headers whose value is that of an
 * argument that was decided on. Headers are egress: a caller could put anything there, and after a mutation the SDK's
 * header still holds the old value.
 *
 * @param definition the tool's listed definition, where it was listed; its declarations are then recomputed
 */
export function permittedHeaders(
  headers: Readonly<Record<string, string>>,
  server: CompiledServer,
  callArguments: JsonObject,
  definition: JsonObject | undefined,
): { readonly headers: Record<string, string>; readonly stripped: readonly string[] } {
  const result: Record<string, string> = {};
  const stripped: string[] = [];
  let parameters = 0;
  for (const name of Object.keys(headers).slice(0, MAX_HEADERS)) {
    const value = headers[name];
    const lowerCased = name.toLowerCase();
    if (typeof value !== 'string') continue;
    if (lowerCased.startsWith(PARAMETER_PREFIX)) {
      parameters += 1;
      if (definition === undefined && carriesArgument(value, callArguments)) result[name] = value;
      else if (definition === undefined) stripped.push(lowerCased);
    } else if (server.permitsHeader(lowerCased)) {
      result[name] = value;
    } else {
      stripped.push(lowerCased);
    }
  }
  if (parameters > 0 && definition !== undefined) Object.assign(result, parameterHeaders(definition, callArguments));
  return { headers: result, stripped };
}

/** The `Mcp-Param-*` headers of a call, from the tool's declarations and the arguments as they are sent. */
function parameterHeaders(definition: JsonObject, callArguments: JsonObject): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { header, path } of declarationsOf(definition)) {
    const text = primitiveText(resolvePointer(callArguments, path));
    if (text !== undefined) result[`Mcp-Param-${header}`] = encodeHeaderValue(text);
  }
  return result;
}

/** Declarations that a chain of `properties` reaches, as SEP-2243 permits them. */
function declarationsOf(definition: JsonObject): HeaderDeclaration[] {
  const found: HeaderDeclaration[] = [];
  const visit = (schema: JsonValue | undefined, path: readonly string[]): void => {
    if (schema === undefined || !isJsonObject(schema) || path.length > MAX_SCHEMA_DEPTH) return;
    const header = own(schema, 'x-mcp-header');
    // RFC 9110 §5.6.2: a field name is a token
    if (typeof header === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/u.test(header)) found.push({ header, path });
    const properties = own(schema, 'properties');
    if (properties === undefined || !isJsonObject(properties)) return;
    for (const key of Object.keys(properties)) visit(properties[key], [...path, key]);
  };
  visit(own(definition, 'inputSchema'), []);
  return found.slice(0, MAX_HEADERS);
}

function carriesArgument(value: string, callArguments: JsonObject): boolean {
  const pending: JsonValue[] = [callArguments];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'object' && next !== null) {
      pending.push(...Object.values(next));
    } else {
      const text = primitiveText(next);
      if (text !== undefined && encodeHeaderValue(text) === value) return true;
    }
  }
  return false;
}

/** SEP-2243, type conversion: strings as they are, numbers in decimal, booleans in lower case; anything else has no header. */
function primitiveText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
  return undefined;
}

/** SEP-2243, value encoding: printable ASCII as it is, anything else as `=?base64?…?=` of its UTF-8. */
function encodeHeaderValue(text: string): string {
  const isPlain =
    text !== '' && text === text.trim() && /^[\t\u0020-\u007e]*$/u.test(text) && !/^=\?base64\?.*\?=$/u.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
