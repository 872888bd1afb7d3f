import type { ServerIdentity } from '../call.ts';
import { parseUrl } from '../internal/url.ts';

/** Whether an observed identity is the declared one. */
export type IdentityTest = (observed: ServerIdentity | undefined) => boolean;

/**
 * Compiles a declared identity. A command must be equal, and its arguments equal one by one; a URL must have the same
 * origin and path. Undefined where the declared URL is not one that a server can have: http or https, no credentials; and no
 * query or fragment either, since those are not compared and would promise more than is checked.
 */
export function compileIdentity(declared: ServerIdentity): IdentityTest | undefined {
  if ('command' in declared) return compileCommand(declared.command, declared.args);
  const expected = endpointOf(declared.url);
  if (expected === undefined || /[?#]/u.test(declared.url)) return undefined;
  const text = declared.url;
  return (observed) => {
    if (observed === undefined || !('url' in observed) || typeof observed.url !== 'string') return false;
    return observed.url === text || endpointOf(observed.url) === expected;
  };
}

function compileCommand(command: string, args: readonly string[]): IdentityTest {
  return (observed) => {
    if (observed === undefined || !('command' in observed) || observed.command !== command) return false;
    const observedArgs: unknown = observed.args;
    if (!Array.isArray(observedArgs) || observedArgs.length !== args.length) return false;
    return args.every((argument, index) => observedArgs[index] === argument);
  };
}

/** Origin and path. Query and fragment are not part of who a server is; credentials make the URL unusable. */
function endpointOf(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || url.protocol === 'http:'
    ? `${url.protocol}//${url.host}${url.pathname}`
    : undefined;
}
