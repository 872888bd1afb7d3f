import { join } from 'node:path';

import { LINTS } from '@callgate/policy';
import { afterAll, describe, expect, it } from 'vitest';

import { BAD_POLICY, GOOD_POLICY, LOOSE_POLICY } from './support/policies.ts';
import { createFolder, runCommand } from './support/run-command.ts';
import { parseXml } from './support/xml.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const good = folder.write('good.yaml', GOOD_POLICY);
const loose = folder.write('loose.yaml', LOOSE_POLICY);
const bad = folder.write('bad.yaml', BAD_POLICY);
const missing = join(folder.path, 'missing.yaml');
const env = { GITHUB_WORKSPACE: folder.path };

/** A policy that loads and whose names try to get out of every format. */
const hostile = folder.write(
  'a b,c:d%25&<x>.yaml',
  'callgate: 1\nname: h\nversion: "1"\nservers:\n  "::error::%0A]]>&<\\u202e\\ufffe\\"\'--\\"": { identity: { url: "http://a.example" } }\n',
);
/** One that does not. */
const broken = folder.write('broken.yaml', 'callgate: 1\n"]]>::warning::<&\\uffff,%\\"\'": 1\n');

describe('callgate check --format junit', () => {
  it('is well-formed, with a suite for each file, a case for loading and one for each finding', async () => {
    const { code, out } = await runCommand(['check', '--format', 'junit', good, loose, bad], { env });
    expect(code).toBe(2);
    const report = parseXml(out);
    expect(report.name).toBe('testsuites');
    expect(report.children.map(({ attributes }) => attributes['name'])).toEqual([
      'good.yaml',
      'loose.yaml',
      'bad.yaml',
    ]);
    const [fine, suspect, unloaded] = report.children;
    expect(fine?.attributes).toMatchObject({ tests: '1', failures: '0' });
    expect(unloaded?.attributes).toMatchObject({ tests: '1', failures: '1' });
    expect(unloaded?.children[0]?.children[0]?.text).toContain('bad.yaml:9:47: error: unknown key `maximun`');
    const json = JSON.parse((await runCommand(['check', '--format', 'json', loose])).out);
    const { findings } = json.files[0];
    expect(suspect?.children.map(({ attributes }) => attributes['name'])).toEqual([
      'loads',
      ...findings.map((finding: any) => `${finding.id} ${finding.pointer}`),
    ]);
    expect(report.attributes).toMatchObject({ tests: String(findings.length + 3) });
  });

  it('counts as failures what fails the check, and shows the rest', async () => {
    const counts = async (...options: readonly string[]): Promise<readonly number[]> => {
      const { out } = await runCommand(['check', '--format', 'junit', ...options, loose], { env });
      const suite = parseXml(out).children[0];
      const failed = suite?.children.filter(({ children }) => children[0]?.name === 'failure') ?? [];
      expect(suite?.attributes['failures']).toBe(String(failed.length));
      return [failed.length, suite?.children.filter(({ children }) => children[0]?.name === 'system-out').length ?? 0];
    };
    const [failures = 0, shown = 0] = await counts();
    expect(failures).toBeGreaterThan(2);
    expect(shown).toBeGreaterThan(2);
    expect(await counts('--strict')).toEqual([failures + shown, 0]);
    expect(await counts('--level', 'warning')).toEqual([failures, 0]);
  });
});

describe('callgate check --format sarif', () => {
  it('has everything that SARIF 2.1.0 requires, and rules with help', async () => {
    const { code, out } = await runCommand(['check', '--format', 'sarif', good, loose, bad, missing], { env });
    expect(code).toBe(2);
    const log = JSON.parse(out);
    expect(log).toMatchObject({ $schema: expect.stringMatching(/sarif.*2\.1\.0/u), version: '2.1.0' });
    expect(log.runs).toHaveLength(1);
    const [{ tool, results, columnKind }] = log.runs;
    expect(columnKind).toBe('utf16CodeUnits');
    expect(tool.driver.name).toBe('callgate');
    const ids = tool.driver.rules.map((rule: any) => rule.id);
    expect(ids).toEqual([...Object.keys(LINTS), 'CALLGATE_POLICY_INVALID', 'CALLGATE_POLICY_UNREADABLE']);
    for (const rule of tool.driver.rules) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.stringMatching(/^Finds .*\.$/u) },
        help: { text: expect.any(String), markdown: expect.any(String) },
        defaultConfiguration: { level: expect.stringMatching(/^(?:error|warning|note)$/u) },
      });
    }
    expect(results.length).toBeGreaterThan(8);
    for (const result of results) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      expect(result.message.text).toMatch(/./u);
      expect(result.partialFingerprints['callgate/v1']).toMatch(/^sha256:[0-9a-f]{64}$/u);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uriBaseId).toBe('%SRCROOT%');
      if (result.ruleId === 'CALLGATE_POLICY_UNREADABLE') expect(physicalLocation.region).toBeUndefined();
      else {
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
        expect(physicalLocation.region.startColumn).toBeGreaterThan(0);
      }
    }
  });

  it('points at the line and column in the file, relative to the checkout', async () => {
    const { out } = await runCommand(['check', '--format', 'sarif', loose], { env });
    const { results } = JSON.parse(out).runs[0];
    const found = results.find((result: any) => result.ruleId === 'envelope-missing');
    expect(found.locations[0]).toEqual({
      physicalLocation: {
        artifactLocation: { uri: 'loose.yaml', uriBaseId: '%SRCROOT%' },
        region: { startLine: 10, startColumn: 7 },
      },
      logicalLocations: [{ fullyQualifiedName: '/servers/shop/tools/no.envelope' }],
    });
  });

  it('names files by URI, absolute where they are outside the checkout', async () => {
    const uriOf = async (file: string, root: string): Promise<unknown> => {
      const { out } = await runCommand(['check', '--format', 'sarif', file], { env: { GITHUB_WORKSPACE: root } });
      return JSON.parse(out).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    };
    expect(await uriOf(hostile, folder.path)).toEqual({
      uri: 'a%20b%2Cc%3Ad%2525%26%3Cx%3E.yaml',
      uriBaseId: '%SRCROOT%',
    });
    expect(await uriOf(loose, join(folder.path, 'elsewhere'))).toEqual({
      uri: expect.stringMatching(/^file:\/\/\/.*\/loose\.yaml$/u),
    });
  });
});

describe('callgate check --format github', () => {
  it('annotates the line of each problem, at its level', async () => {
    const { code, out } = await runCommand(['check', '--format', 'github', loose, bad], { env });
    expect(code).toBe(2);
    const lines = out.trimEnd().split('\n');
    for (const line of lines) {
      expect(line).toMatch(/^::(?:error|warning|notice) file=[^,:]+,line=\d+,col=\d+,title=callgate [\w-]+::\S/u);
    }
    expect(lines).toContainEqual(
      expect.stringContaining(
        '::warning file=loose.yaml,line=10,col=7,title=callgate envelope-missing::tool `no.envelope` is of ring 1',
      ),
    );
    expect(lines).toContainEqual(
      expect.stringContaining(
        '::error file=bad.yaml,line=9,col=47,title=callgate CALLGATE_POLICY_INVALID::unknown key `maximun`',
      ),
    );
    expect(lines.some((line) => line.startsWith('::notice '))).toBe(true);
  });

  it('says nothing where there is nothing to say', async () => {
    expect(await runCommand(['check', '--format', 'github', good], { env })).toEqual({ code: 0, out: '', err: '' });
  });

  it('reports a file that cannot be read without a line', async () => {
    const { out } = await runCommand(['check', '--format', 'github', missing], { env });
    expect(out).toMatch(/^::error file=missing\.yaml,title=callgate CALLGATE_POLICY_UNREADABLE::.*ENOENT[^\n]*\n$/u);
  });
});

describe('a hostile policy', () => {
  it('cannot add an annotation or end one', async () => {
    const { out } = await runCommand(['check', '--format', 'github', hostile, broken], { env });
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      expect(line).toMatch(
        /^::(?:error|warning|notice) file=(?:a b%2Cc%3Ad%2525&<x>|broken)\.yaml,line=\d+,col=\d+,title=/u,
      );
      // what stands behind a percent sign is one of the protocol's own escapes
      expect(line).not.toMatch(/%(?!25|2C|3A)/u);
    }
  });

  it('cannot break the JUnit report', async () => {
    const { out } = await runCommand(['check', '--format', 'junit', hostile, broken], { env });
    const report = parseXml(out);
    expect(report.children[0]?.attributes['name']).toBe('a b,c:d%25&<x>.yaml');
    expect(out).not.toContain(']]>');
  });

  it('cannot break the SARIF log', async () => {
    const { out } = await runCommand(['check', '--format', 'sarif', hostile, broken], { env, stdoutIsTerminal: true });
    expect(JSON.parse(out).runs[0].results.length).toBeGreaterThan(3);
    expect(out).not.toMatch(/\u202e/u);
  });
});

describe('what is reported', () => {
  const idsOf = async (...options: readonly string[]): Promise<{ code: number; ids: readonly string[] }> => {
    const { code, out } = await runCommand(['check', '--format', 'json', ...options, loose]);
    return { code, ids: JSON.parse(out).files[0].findings.map((finding: any) => finding.id) };
  };

  it('is what is of a level or above, and only that counts', async () => {
    const all = await idsOf();
    const warnings = await idsOf('--level', 'warning');
    expect(warnings.ids.length).toBeLessThan(all.ids.length);
    expect(warnings.ids.every((id) => LINTS[id as keyof typeof LINTS].level !== 'note')).toBe(true);
    expect(await idsOf('--level', 'error', '--strict')).toEqual({ code: 0, ids: [] });
  });

  it('leaves out what is ignored, which then does not count either', async () => {
    const { ids } = await idsOf();
    const rest = await idsOf('--ignore', 'envelope-missing', '--ignore=arguments-any');
    expect(rest.ids).toEqual(ids.filter((id) => id !== 'envelope-missing' && id !== 'arguments-any'));
    const none = await idsOf(...[...new Set(ids)].flatMap((id) => ['--ignore', id]));
    expect(none).toEqual({ code: 0, ids: [] });
  });

  it.each([
    [['--ignore', 'envelop-missing'], 'got `envelop-missing`; did you mean `envelope-missing`?'],
    [['--ignore', 'constructor'], 'expected `--ignore` with the id of a finding'],
    [['--level', 'notes'], 'did you mean `note`?'],
  ])('%j is a usage error', async (options, message) => {
    const { code, err } = await runCommand(['check', ...options, loose]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('includes errors, which exit with 1', async () => {
    const holed = folder.write('holed.yaml', GOOD_POLICY.replace('"^S-[0-9]+$"', '"^S-[0-9]+|T$"'));
    const { code, out } = await runCommand(['check', holed]);
    expect(code).toBe(1);
    expect(out).toContain(': error: anchors in the pattern of `sku` of tool `inventory.adjust`');
    expect(out).toMatch(/holed\.yaml: support-desk 7, 1 server, 2 tools; 1 error sha256:/u);
  });
});
