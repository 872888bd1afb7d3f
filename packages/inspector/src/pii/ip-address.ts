import ipaddr from 'ipaddr.js';

import type { PiiText } from './pii-match.ts';

const IPV4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$/u;

/** What stands before four numbers that are a version, a section or a program's name with its version. */
const VERSION =
  /(?:v|ver\.?|version|release|build|firmware|driver|sdk|api|section|chapter|§|rev(?:ision)?|[a-z0-9)]\/|[=~^<>]=?|@)[ :"'=]{0,3}$/iu;

/** What a text is about that names versions. */
const CHANGES = /\b(?:bump|upgrad|downgrad|version|releas|changelog)/iu;

/** Whether a text of digits and dots is a public IPv4 address and not a version. */
export function isPublicIpv4(candidate: string, { text }: PiiText, start: number): boolean {
  if (!IPV4.test(candidate) || !isPublic(candidate)) return false;
  if (CHANGES.test(text.slice(Math.max(0, start - 64), start))) return false;
  const before = text.slice(Math.max(0, start - 16), start);
  return (
    !VERSION.test(before) ||
    before.endsWith('://') ||
    /(?:ip|addr|host|from|client)[a-z_-]{0,8}["']?[=:] ?["']?$/iu.test(before)
  );
}

const IPV6 = /(?<![\w:.](?<!\\[nrt]))(?:[0-9a-f]{1,4}:){1,7}(?::|[0-9a-f]{1,4})(?::?[0-9a-f]{1,4}){0,7}(?![\w:])/giu;

/** Finds public IPv6 addresses. */
export function findIpv6({ text, fuel, report }: PiiText): void {
  if (!text.includes(':')) return;
  fuel.spend(Math.ceil(text.length / 2));
  for (const { 0: candidate, index } of text.matchAll(IPV6)) {
    fuel.spend(candidate.length);
    // A time (12:30:45) and a MAC address have neither eight groups nor a gap.
    if (candidate.length < 6 || !ipaddr.IPv6.isValid(candidate) || !isPublic(candidate)) continue;
    report({ category: 'ip-address', start: index, end: index + candidate.length, reason: 'IPv6 address' });
  }
}

/** Private, loopback, link-local, reserved and documentation addresses are those of no person. */
function isPublic(address: string): boolean {
  return ipaddr.parse(address).range() === 'unicast';
}
