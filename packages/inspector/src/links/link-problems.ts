import type { Severity } from '../finding.ts';
import { parseUrl, type ParsedUrl } from '../internal/url.ts';
import { LOOKALIKES } from '../view/lookalikes.ts';
import { carriedData } from './carried-data.ts';
import type { FoundLink } from './find-links.ts';
import { hostClass, isDisguised } from './host-class.ts';
import { decodeLabel } from './punycode.ts';

/** What speaks against following a link, or fetching it. */
export interface LinkProblem {
  readonly rule: string;
  readonly severity: Severity;
  readonly reason: string;
}

const problem = (name: string, severity: Severity, reason: string): LinkProblem => ({
  rule: `links.${name}`,
  severity,
  reason,
});

/** The problem of a host that is taken for another. */
export const CONFUSABLE: LinkProblem = problem(
  'confusable-host',
  'high',
  'a host whose letters look like those of another',
);

/** Schemes that run code, open programs or reach other protocols of a network. */
const RISKY_SCHEME =
  /^(?:intent|ms-[a-z-]+|search-ms|vscode(?:-insiders)?|cursor|jar|gopher|dict|ldaps?|tftp|view-source|chrome|about|blob|shell|jnlp):$/u;

const DOCUMENT = /^data:(?:text\/(?:html|xml|javascript)|application\/(?:xhtml\+xml|xml|javascript)|image\/svg\+xml)/iu;

/** A URL whose host needs no parser: letters, digits and hyphens, the last label letters, no name before it and none of `xn--`. */
const ORDINARY = /^https?:\/\/(?<host>(?:(?!xn--)[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?=$|[/?#])/iu;

/** Everything that speaks against a link. */
export function linkProblems(link: FoundLink): readonly LinkProblem[] {
  const { url } = link;
  const known = ORDINARY.exec(url)?.groups?.['host'];
  if (known !== undefined && hostClass(known.toLowerCase()) === 'public') return data(link);
  if (/^(?:javascript|vbscript):/iu.test(url)) return [problem('script', 'high', 'a link that runs code')];
  if (/^data:/iu.test(url)) {
    return DOCUMENT.test(url) ? [problem('document', 'high', 'a link that holds a document of its own')] : [];
  }
  const parsed = parseUrl(url);
  if (parsed === undefined) return [];
  if (parsed.protocol === 'file:') return [problem('file', 'medium', 'a link to a file of the reader')];
  if (RISKY_SCHEME.test(parsed.protocol))
    return [problem('scheme', 'medium', 'a link that opens a program or another protocol')];
  if (!/^(?:https?|wss?|ftps?):$/u.test(parsed.protocol)) return [];
  return [...credentials(parsed), ...host(url, parsed), ...data(link)];
}

function credentials({ username, password }: ParsedUrl): readonly LinkProblem[] {
  if (username === '' && password === '') return [];
  return [problem('credentials', 'medium', 'a link with a name or password before its host')];
}

function host(url: string, { hostname }: ParsedUrl): readonly LinkProblem[] {
  const written = writtenHost(url);
  if (isDisguised(written, hostname)) {
    return [problem('disguised-host', 'high', 'an address in a spelling that hides it')];
  }
  switch (hostClass(hostname)) {
    case 'metadata':
      return [problem('metadata', 'high', 'a service that hands out credentials of a cloud')];
    case 'translated':
      return [problem('disguised-host', 'high', 'an IPv6 address that stands for an IPv4 one')];
    case 'rebinding':
      return [problem('rebinding', 'medium', 'a name that stands for whatever address it spells')];
    case 'loopback':
    case 'private':
      return [problem('internal-host', 'low', 'a host of this machine or a private network')];
    case 'public':
      return international(hostname);
  }
}

/** The host as it stands in the text, without name and port. */
function writtenHost(url: string): string {
  const authority = /^[^:]*:\/\/(?<authority>[^/?#\\]*)/u.exec(url)?.groups?.['authority'] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/:[0-9]*$/u, '');
}

/** Whether a host reads as one of ASCII and is not. */
export function isConfusableHost(hostname: string): boolean {
  return hostname.split('.').some((label) => isConfusable(decodeLabel(label) ?? label));
}

function international(hostname: string): readonly LinkProblem[] {
  if (!hostname.includes('xn--')) return [];
  return isConfusableHost(hostname)
    ? [CONFUSABLE]
    : [problem('international-host', 'low', 'a host with letters of another alphabet')];
}

/** A label that reads as ASCII and is not: each letter of another alphabet looks like one of ASCII (UTS #39 §4, skeletons). */
function isConfusable(label: string): boolean {
  let foreign = 0;
  for (const letter of label) {
    if (letter < '\u0080') continue;
    if (!LOOKALIKES.has(letter)) return false;
    foreign += 1;
  }
  return foreign > 0;
}

function data({ url, isFetched }: FoundLink): readonly LinkProblem[] {
  const worse: Severity = isFetched ? 'high' : 'medium';
  switch (carriedData(url)) {
    case 'named-placeholder':
      return [problem('data-placeholder', worse, 'a link with a place to fill in with what the reader knows')];
    case 'encoded-text':
      return [problem('data', worse, 'a link that carries encoded text')];
    case 'placeholder':
      return isFetched ? [problem('data-placeholder', 'high', 'a picture with a place to fill in')] : [];
    case 'opaque':
      return [problem('data', isFetched ? 'medium' : 'low', 'a link that carries a long value')];
    case undefined:
      return isFetched
        ? [problem('fetched', 'low', 'what it shows is fetched from another host, which learns of it')]
        : [];
  }
}
