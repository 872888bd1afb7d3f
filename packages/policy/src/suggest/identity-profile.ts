import type { ServerIdentity } from '../call.ts';
import { parseUrl } from '../internal/url.ts';
import { looksSecret } from './listable.ts';

/** Who a server was observed to be: one identity, or not always the same. */
export class IdentityProfile {
  #isFirst = true;
  #text: string | undefined;
  #identity: ServerIdentity | undefined;

  see(identity: ServerIdentity | undefined): void {
    const declared = identity === undefined ? undefined : declaredOf(identity);
    const text = declared === undefined ? undefined : JSON.stringify(declared);
    if (this.#isFirst) [this.#text, this.#identity] = [text, declared];
    else if (text !== this.#text) this.#identity = undefined;
    this.#isFirst = false;
  }

  /** The identity that every call saw; undefined where there is none, or it may not stand in a policy. */
  learned(): ServerIdentity | undefined {
    const identity = this.#identity;
    if (identity === undefined) return undefined;
    const texts = 'url' in identity ? [identity.url] : [identity.command, ...identity.args, identity.args.join('=')];
    return texts.some(looksSecret) ? undefined : identity;
  }
}

/** As a policy declares it: a URL without query and fragment, which are not compared. */
function declaredOf(identity: ServerIdentity): ServerIdentity | undefined {
  if (!('url' in identity)) return { command: identity.command, args: [...identity.args] };
  const url = parseUrl(identity.url);
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return { url: `${url.protocol}//${url.host}${url.pathname}` };
}
