import type { PiiText } from './pii-match.ts';

/** RFC 5321: 64 octets before the at sign, 255 after it. */
const MAX_LOCAL = 64;
const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/uy;

/** Endings of files: `icon@2x.png` is no address. */
const FILE = /\.(?:png|jpe?g|gif|svg|webp|js|mjs|cjs|ts|tsx|css|json|md|html?|map|pdf|zip|gz|lock|yaml|yml)$/iu;

/** Finds e-mail addresses. Those in the domain `.invalid` (RFC 2606) reach nobody: what is masked is such an address. */
export function findEmails(where: PiiText): void {
  const { text, fuel, report } = where;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    fuel.spend(2);
    let start = at;
    while (start > 0 && at - start < MAX_LOCAL && LOCAL.test(text.charAt(start - 1))) start -= 1;
    fuel.spend(at - start);
    while (start < at && /[.'/=?&{|`%#!*-]/u.test(text.charAt(start))) start += 1;
    start = afterName(text, start, at);
    if (start === at || text.charAt(at - 1) === '.') continue;
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(text)?.[0];
    fuel.spend(domain?.length ?? 0);
    if (domain === undefined || FILE.test(domain) || /(?:^|\.)invalid$/iu.test(domain)) continue;
    const end = at + 1 + domain.length;
    // git@github.com:owner/repository
    if (text.slice(start, at) === 'git' && text.charAt(end) === ':') continue;
    report({ category: 'email', start, end, reason: 'e-mail address' });
  }
}

/** In `email=a@b.c` and `mailto/a@b.c` the address begins after the sign. */
function afterName(text: string, start: number, at: number): number {
  const local = text.slice(start, at);
  const sign = Math.max(local.lastIndexOf('='), local.lastIndexOf('/'), local.lastIndexOf('&'), local.lastIndexOf('?'));
  return sign === -1 ? start : start + sign + 1;
}
