import { execFile } from 'node:child_process';
import { access, readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const guide = (await readdir(join(root, 'docs', 'guide'))).map((name) => join('docs', 'guide', name));
const documents = [
  'README.md',
  join('examples', 'README.md'),
  join('docs', 'threat-model.md'),
  join('docs', 'glossary.md'),
  ...guide,
];
const fences = (await Promise.all(documents.map(fencesOf))).flat();

interface Fence {
  readonly document: string;
  readonly kind: string;
  readonly source: string;
  readonly code: string;
}

describe('documents show what the code is', () => {
  it.each(fences.filter(({ kind }) => kind === 'source'))(
    '$document shows $source as it is',
    async ({ source, code }) => {
      expect(code).toBe(await regionOf(source));
    },
  );

  it('finds the marked fences', () => {
    expect(fences.filter(({ document }) => document === 'README.md').map(({ source }) => source)).toEqual([
      'examples/quickstart/host.ts',
      'examples/quickstart/callgate.yaml',
      'examples/demo/main.ts',
    ]);
  });

  it.each(guide)('every piece of TypeScript and YAML in %s comes from a file that runs', async (document) => {
    const text = await readFile(join(root, document), 'utf8');
    const marked = fences.filter((fence) => fence.document === document && fence.kind === 'source');
    expect([...text.matchAll(/^```(?:ts|yaml)$/gmu)]).toHaveLength(marked.length);
  });

  it.each(fences.filter(({ kind }) => kind === 'output'))(
    '$document shows what $source prints, figures aside',
    async ({ source, code }) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--conditions=@callgate/source', join(root, source)],
        {
          env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
        },
      );
      expect(withoutFigures(code)).toBe(withoutFigures(stdout));
    },
  );
});

describe('links between documents', () => {
  it.each(documents)('%s links to files that exist', async (document) => {
    const text = await readFile(join(root, document), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)(?<target>[^)#\s]+)(?:#[^)\s]*)?\)/gu)].map(
      (match) => match.groups?.['target'] ?? '',
    );
    const missing: string[] = [];
    for (const target of targets) {
      const path = join(root, dirname(document), target);
      await access(path).catch(() => missing.push(relative(root, path)));
    }
    expect(missing).toEqual([]);
  });
});

/** The fences that a comment such as `<!-- source: path#region -->` stands above. */
async function fencesOf(document: string): Promise<Fence[]> {
  const text = await readFile(join(root, document), 'utf8');
  const marked = /<!-- (?<kind>source|output): (?<source>\S+) -->\n\n```\w*\n(?<code>.*?)```/gsu;
  return [...text.matchAll(marked)].map(({ groups = {} }) => ({
    document,
    kind: groups['kind'] ?? '',
    source: groups['source'] ?? '',
    code: groups['code'] ?? '',
  }));
}

/** A file, or the lines between `#region name` and the next `#endregion`, without their common indentation. */
async function regionOf(source: string): Promise<string> {
  const [path = '', region] = source.split('#');
  const text = await readFile(join(root, path), 'utf8');
  if (region === undefined) return text;
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim().replace(/^(?:\/\/|#) /u, '') === `#region ${region}`);
  if (start < 0) throw new Error(`expected a region \`${region}\` in ${path}`);
  const end = lines.findIndex((line, index) => index > start && line.trim().endsWith('#endregion'));
  const body = lines.slice(start + 1, end);
  const indents = body.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return body.map((line) => `${line.slice(indent)}\n`).join('');
}

/** Sizes, times and random ids differ from run to run. */
function withoutFigures(text: string): string {
  return text.replaceAll(/\d[\d.,]*/gu, '#').trim();
}
