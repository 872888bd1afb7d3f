import type { ReportKindIssue } from '@callgate/policy';

import { ANY_NAMES, MAX_GLOB_NAMES, type NameGlob, type PathGlob } from './deny-glob.ts';
import { findInText, fromBase, isPrefix } from './judge-path.ts';
import { findInName } from './names.ts';
import { isFinding, parsePath, printPath } from './parse-path.ts';
import { folded } from './readings.ts';
import type { PathRules, Root } from './rules.ts';
import type { PathSpecification } from './specification.ts';

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(specification: PathSpecification, report: ReportKindIssue): PathRules {
  const platform = specification.platform ?? 'any';
  const wildcards = specification.wildcards ?? 'brackets';
  const caseSensitive = specification.caseSensitive ?? platform !== 'windows';
  const minDepth = specification.minDepth ?? 0;
  const maxDepth = specification.maxDepth ?? Number.POSITIVE_INFINITY;
  const form = { platform, wildcards: 'brackets' } as const;
  if (wildcards === 'allow' && platform !== 'posix')
    report('/wildcards', '`deny` or `brackets`: Windows does not allow `*` and `?` in names', '`allow`');
  if (maxDepth < minDepth) report('/maxDepth', `at least \`minDepth\`, which is ${minDepth}`, String(maxDepth));
  const base = compileBase(specification.base, form, report);
  const roots = (specification.roots ?? ['.']).flatMap((text, index): Root[] => {
    const root = readFolder(text, form);
    if (root === undefined) {
      report(`/roots/${index}`, 'a folder as one that passes would be written, without `..`', 'another text');
      return [];
    }
    return [{ ...fromBase({ ...root, isFolder: true }, base), text: root.text }];
  });
  refuseNested(roots, caseSensitive, report);
  const deny = (specification.deny ?? []).flatMap((text, index) => compileGlob(text, `/deny/${index}`, report));
  const extensions = specification.extensions?.map((text, index) => {
    if (/[/\\\s:*?]|\.$/u.test(text)) report(`/extensions/${index}`, 'an ending such as `.md`', 'another text');
    return (text.startsWith('.') ? text : `.${text}`).toLowerCase();
  });
  const { hidden = 'allow', maxLength = 1024 } = specification;
  return { platform, caseSensitive, wildcards, hidden, minDepth, maxDepth, maxLength, roots, base, extensions, deny };
}

type Form = Pick<PathRules, 'platform' | 'wildcards'>;

function compileBase(text: string | undefined, form: Form, report: ReportKindIssue): Root | undefined {
  if (text === undefined) return undefined;
  const base = readFolder(text, form);
  if (base !== undefined && base.anchor !== '') return base;
  report('/base', 'an absolute folder', 'another text');
  return undefined;
}

/** A folder as the policy's author writes it: judged by the rules for values, so that what lies in it can pass. */
function readFolder(text: string, form: Form): Root | undefined {
  if (text.includes('%') || findInText(text, form) !== undefined) return undefined;
  const parsed = parsePath(text, form.platform);
  if (isFinding(parsed)) return undefined;
  const { anchor, names } = parsed;
  if (names.some((name) => findInName(name, form.platform) !== undefined)) return undefined;
  return { anchor, names, text: printPath(anchor, names) };
}

function refuseNested(roots: readonly Root[], caseSensitive: boolean, report: ReportKindIssue): void {
  for (const [index, inner] of roots.entries()) {
    const isNested = roots.some(
      (outer, at) => at !== index && outer.anchor === inner.anchor && isPrefix(outer, inner.names, { caseSensitive }),
    );
    if (isNested) report(`/roots/${index}`, 'a folder that lies in no other of `roots`', 'one that does');
  }
}

const GLOB_ANCHOR = /^(?:\/|[A-Za-z]:\/)/u;

function compileGlob(text: string, pointer: string, report: ReportKindIssue): PathGlob[] {
  const anchor = GLOB_ANCHOR.exec(text)?.[0] ?? '';
  const names = text.slice(anchor.length).replace(/\/$/u, '').split('/');
  const isSound = names.every(
    (name) => name !== '' && !/^\.{1,2}$|\\/u.test(name) && (name === '**' || !name.includes('**')),
  );
  if (!isSound || names.length > MAX_GLOB_NAMES) {
    report(
      pointer,
      `a pattern such as \`**/.env\`: at most ${MAX_GLOB_NAMES} names or \`**\` between single slashes`,
      'another text',
    );
    return [];
  }
  const compiled = names.map((name): NameGlob | typeof ANY_NAMES =>
    name === '**' ? ANY_NAMES : { pattern: folded(name), isWild: /[*?]/u.test(name) },
  );
  return [{ text, anchor: anchor.length > 1 ? anchor.toUpperCase() : anchor, names: compiled }];
}
