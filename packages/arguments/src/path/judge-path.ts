import { findCharacter } from './characters.ts';
import { matchesPathGlob } from './deny-glob.ts';
import { findInName, isSpecial } from './names.ts';
import { isFinding, parsePath, printPath, type ParsedPath } from './parse-path.ts';
import { FINDINGS, type Finding } from './problems.ts';
import { folded, hasDotSegment, isAscii, hasPercentVariable, isExpanded, percentDecoded } from './readings.ts';
import type { Judged, LocatedPath, PathRules, Root } from './rules.ts';

/** Judges a text as a path: as it is, and as a percent-decoder reads it. What only one of the two passes does not pass. */
export function judgePath(text: string, rules: PathRules): Judged {
  if (text === '') return refused(FINDINGS.empty);
  if (text.length > rules.maxLength) return refused(tooLong(rules));
  const judged = judgeReading(text, rules);
  if ('findings' in judged || !text.includes('%')) return judged;
  const decoded = percentDecoded(text);
  if (isFinding(decoded)) return refused(decoded);
  if (hasPercentVariable(decoded)) return refused(FINDINGS.expansion);
  if (decoded === text) return judged;
  const again = judgeReading(decoded, rules);
  return 'findings' in again ? again : judged;
}

function tooLong(rules: PathRules): Finding {
  return { code: 'path.length', got: 'a longer path', hint: `use at most ${rules.maxLength} characters` };
}

function refused(...findings: readonly Finding[]): Judged {
  return { findings };
}

function judgeReading(text: string, rules: PathRules): Judged {
  const finding = findInText(text, rules);
  if (finding !== undefined) return refused(finding);
  const parsed = parsePath(text, rules.platform);
  if (isFinding(parsed)) return refused(parsed);
  for (const name of parsed.names) {
    const found = findInName(name, rules.platform);
    if (found !== undefined) return refused(found);
  }
  const path = locate(parsed, rules);
  if (path === undefined) return refused(outside(rules));
  if (canonicalText(path, rules).length > rules.maxLength) return refused(tooLong(rules));
  const findings = findBelowRoot(path, rules);
  return findings.length > 0 ? { findings } : { path };
}

const EDGES = /^[\s"'|]|\s$/u;

/** What is wrong with the text, whatever the roots are. */
export function findInText(text: string, rules: Pick<PathRules, 'platform' | 'wildcards'>): Finding | undefined {
  const isWindowsLike = rules.platform !== 'posix';
  const character = findCharacter(text, { isWindowsLike, wildcards: rules.wildcards });
  if (character !== undefined) return character;
  if (EDGES.test(text)) return FINDINGS.edge;
  if (text.startsWith('-')) return FINDINGS.option;
  if (isExpanded(text)) return FINDINGS.expansion;
  const inside = text.replace(/^\.(?:[/\\]|$)/u, '');
  if (hasDotSegment(inside)) return /\.\./u.test(inside) ? FINDINGS.traversal : FINDINGS.dotSegment;
  return isAscii(text) || text.normalize('NFC') === text ? undefined : FINDINGS.normalization;
}

function outside(rules: PathRules): Finding {
  const first = rules.roots[0];
  const hint =
    first === undefined || first.text === '.' ? 'give a relative path' : `begin the path with \`${first.text}\``;
  return { code: 'path.outside', got: 'a path outside of every permitted folder', hint };
}

function locate(parsed: ParsedPath, rules: PathRules): LocatedPath | undefined {
  const { anchor, names } = fromBase(parsed, rules.base);
  const root = rules.roots.find((candidate) => candidate.anchor === anchor && isPrefix(candidate, names, rules));
  if (root === undefined) return undefined;
  return { root, names, below: names.slice(root.names.length), isFolder: parsed.isFolder };
}

/** A relative path is one from `base` where that is known. */
export function fromBase(parsed: ParsedPath, base: Root | undefined): Pick<ParsedPath, 'anchor' | 'names'> {
  if (base === undefined || parsed.anchor !== '') return parsed;
  return { anchor: base.anchor, names: [...base.names, ...parsed.names] };
}

/** Whether `names` begin with those of the root. Only the case of ASCII letters may differ: other letters, other folder. */
export function isPrefix(root: Root, names: readonly string[], rules: Pick<PathRules, 'caseSensitive'>): boolean {
  return (
    root.names.length <= names.length &&
    root.names.every((name, index) => {
      const other = names[index] ?? '';
      return name === other || (!rules.caseSensitive && lowerAscii(name) === lowerAscii(other));
    })
  );
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

function findBelowRoot(path: LocatedPath, rules: PathRules): readonly Finding[] {
  const { below, names, root } = path;
  const findings: Finding[] = [];
  if (isSpecial(root.anchor, names, root.names.length)) findings.push(FINDINGS.special);
  if (below.length < rules.minDepth) findings.push(notBelow(rules.minDepth));
  if (below.length > rules.maxDepth) findings.push(tooDeep(rules.maxDepth));
  if (rules.hidden === 'deny' && below.some((name) => name.startsWith('.'))) {
    findings.push({
      code: 'path.hidden',
      got: 'a path with a hidden name',
      hint: 'leave out names that begin with a dot',
    });
  }
  if (rules.extensions !== undefined && !hasExtension(path, rules.extensions)) {
    findings.push({ code: 'path.extension', got: 'a path with another ending' });
  }
  if (isDenied(path, rules)) {
    findings.push({ code: 'path.denied', got: 'a path that the policy denies', hint: 'leave this path alone' });
  }
  return findings;
}

function notBelow(least: number): Finding {
  const got = least === 1 ? 'the permitted folder itself' : 'a path too near to the permitted folder';
  return { code: 'path.depth', got, hint: `name something at least ${least} below the permitted folder` };
}

function tooDeep(most: number): Finding {
  return {
    code: 'path.depth',
    got: 'a path too far below the permitted folder',
    hint: `use at most ${most} name${most === 1 ? '' : 's'} below the permitted folder`,
  };
}

function hasExtension(path: LocatedPath, extensions: readonly string[]): boolean {
  const last = path.below.at(-1);
  if (last === undefined || path.isFolder) return false;
  const lower = lowerAscii(last);
  return extensions.some((extension) => lower.length > extension.length && lower.endsWith(extension));
}

/** Case never matters to what is denied: on a Mac `.ENV` is `.env`, whatever the platform of the roots. */
export function isDenied(path: Pick<LocatedPath, 'root' | 'names' | 'below'>, rules: Pick<PathRules, 'deny'>): boolean {
  if (rules.deny.length === 0) return false;
  const below = path.below.map(folded);
  return rules.deny.some((glob) => {
    if (glob.anchor === '') return matchesPathGlob(glob, below);
    return glob.anchor === path.root.anchor && matchesPathGlob(glob, path.names.map(folded));
  });
}

/** The one spelling of a path: from its root, with `/` between names, without case where that does not matter. */
export function canonicalText(path: LocatedPath, rules: Pick<PathRules, 'caseSensitive'>): string {
  const names = rules.caseSensitive ? path.names : path.names.map(lowerAscii);
  const text = printPath(path.root.anchor, names);
  // a name that begins with `-` would be read as an option
  return text.startsWith('-') ? `./${text}` : text;
}
