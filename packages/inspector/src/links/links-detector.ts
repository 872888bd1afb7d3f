import type { Detector } from '../detector.ts';
import { linkAt, schemeStart } from './find-links.ts';
import { linkProblems } from './link-problems.ts';

/** What ends a scheme and begins a host, for each last letter of a scheme; then what has no host, and hosts without a scheme. */
const HOSTED = Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `${letter}://`);
const UNHOSTED = ['javascript', 'vbscript', 'data', 'file', 'http', 'https'].map((scheme) => `${scheme}:`);
const RELATIVE = ['](//', '="//', "='//"];

/** What looking at one link costs beside its length, in fuel. */
const LINK_COST = 96;

/** Finds links that carry data or credentials, lead into private networks, run code or hide where they lead. */
export const LINKS_DETECTOR: Detector = Object.freeze({
  kind: 'links',
  keywords: [...HOSTED, ...UNHOSTED, ...RELATIVE],
  find({ text, hits }, report, fuel): void {
    const seen = new Set<number>();
    for (const { keyword, start } of hits) {
      const isRelative = keyword >= HOSTED.length + UNHOSTED.length;
      const at = isRelative ? start + 2 : schemeStart(text, text.indexOf(':', start));
      if (seen.has(at)) continue;
      seen.add(at);
      const found = linkAt(text, at);
      fuel.spend(LINK_COST + found.url.length);
      const link = isRelative ? { ...found, url: `https:${found.url}` } : found;
      for (const problem of linkProblems(link)) report({ ...problem, start: found.start, end: found.end });
    }
  },
} satisfies Detector);
