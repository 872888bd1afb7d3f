import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { FLAGS, HOSTS, HOST_IDS, VARIABLES, type Platform, type Scope } from '../../src/index.ts';

const reference = readFileSync(new URL('../../../../docs/reference/inventory.md', import.meta.url), 'utf8');
const SCOPES: Readonly<Record<Scope, string>> = { user: 'user', project: 'project', machine: 'machine' };
const SYSTEMS: Readonly<Record<Platform, string>> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

/** A table as the formatter has it: cells padded to one width is not asked for, so spaces do not count. */
const tight = (text: string): string => text.replaceAll(/ +/gu, ' ').replaceAll(/-{3,}/gu, '---');

/** One section per host, made of the table in the code. */
function hostSection(id: keyof typeof HOSTS): string {
  const { name, format, servers, files, source } = HOSTS[id];
  const rows = files.flatMap(({ scope, paths }) => {
    const platforms = Object.keys(SYSTEMS) as Platform[];
    const isSame = platforms.every((platform) => paths[platform] === paths.linux);
    if (isSame) return [`| ${SCOPES[scope]} | all | \`${paths.linux ?? ''}\` |`];
    return platforms.flatMap((platform) =>
      paths[platform] === null ? [] : [`| ${SCOPES[scope]} | ${SYSTEMS[platform]} | \`${paths[platform]}\` |`],
    );
  });
  const places = servers.map((path) => `\`${path.join('.')}\``).join(', ');
  return [
    `### ${name} (\`${id}\`)`,
    '',
    `${format.toUpperCase()}, servers at ${places}. [Source](${source}).`,
    '',
    '| for | system | path |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

it('the reference has the table of hosts, and no other host', () => {
  for (const id of HOST_IDS) expect(tight(reference)).toContain(tight(hostSection(id)));
  const listed = [...reference.matchAll(/^### .* \(`(?<id>[\w-]+)`\)$/gmu)].map(({ groups }) => groups?.['id']);
  expect(listed).toEqual(HOST_IDS);
});

it('the reference has the table of findings, and no other finding', () => {
  const rows = Object.entries(FLAGS).map(
    ([id, { severity, finds, help }]) => `| \`${id}\` | ${severity} | ${finds} | ${help} |`,
  );
  for (const row of rows) expect(tight(reference)).toContain(tight(row));
  const listed = [...reference.matchAll(/^\| `(?<id>[a-z]+(?:-[a-z]+)+)` +\| (?:error|warning|note) /gmu)].map(
    ({ groups }) => groups?.['id'],
  );
  expect(listed).toEqual(Object.keys(FLAGS));
});

it('the reference has what variables stand for', () => {
  for (const [variable, path] of Object.entries(VARIABLES)) {
    expect(tight(reference)).toContain(tight(`| \`${variable}\` | \`${path}\` |`));
  }
});
