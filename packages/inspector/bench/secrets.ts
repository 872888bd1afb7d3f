/** What looking for secrets and personal data costs: `node --conditions=@callgate/source packages/inspector/bench/secrets.ts`. */
import { createInspector, type Inspector } from '../src/index.ts';

const standard = createInspector();
const people = createInspector({ treatments: { pii: 'redact' } });

const PROSE =
  'The build finished in 42 seconds and deployed 3 services to the staging cluster. Open https://ci.host.net/jobs/1842 for the log. ';

/** A clean result of about 1 KB, as a tool gives it. */
const RESULT = {
  content: [{ type: 'text', text: PROSE.repeat(5) }],
  structuredContent: {
    rows: Array.from({ length: 6 }, (_, row) => ({
      id: row + 1,
      name: `service ${row}`,
      state: 'running',
      zone: 'eu-west',
    })),
  },
};

/** Crafted texts: each part makes a finder begin in vain. */
export const CRAFTED: Readonly<Record<string, string>> = {
  'a prefix of tokens': 'ghp_',
  'key ids': 'AKIA',
  'headers of JWTs': 'eyJhbGci',
  'frames of keys': '-----BEGIN PRIVATE KEY-----',
  'names of secrets': 'password=',
  'words of names': 'token',
  'assignments in assignments': 'api_key="api_key=',
  'schemes of URLs': 'https://a:',
  'options of commands': 'curl -u a:',
  'at signs': '@',
  'addresses without an end': 'a.b@a.b.',
  digits: '1',
  'groups of digits': '1234 ',
  'dotted digits': '1.',
  'beginnings of IBANs': 'DE89 ',
  colons: 'a:',
  slashes: 'aaaaaaaaaaaaaaaaaaaaaaaaa/',
};

/** CPU microseconds of one inspection: load on the machine lengthens waiting, not this. */
function cpuOf(inspector: Inspector, value: Parameters<Inspector['inspect']>[0], rounds: number): number {
  for (let round = 0; round < rounds; round += 1) inspector.inspect(value, { surface: 'result' });
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) inspector.inspect(value, { surface: 'result' });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

if (import.meta.main) {
  const bytes = JSON.stringify(RESULT).length;
  console.log(`clean result of ${bytes} bytes`);
  console.log(`  secrets            ${cpuOf(standard, RESULT, 20_000).toFixed(1)} µs`);
  console.log(`  secrets and people ${cpuOf(people, RESULT, 20_000).toFixed(1)} µs`);
  const large = PROSE.repeat(Math.ceil(102_400 / PROSE.length));
  const ordinary = cpuOf(standard, large, 200);
  const ordinaryPeople = cpuOf(people, large, 200);
  console.log(`100 KB of prose`);
  console.log(`  secrets            ${(large.length / ordinary).toFixed(0)} MB/s`);
  console.log(`  secrets and people ${(large.length / ordinaryPeople).toFixed(0)} MB/s`);
  console.log('100 KB, crafted: verdict, and time beside ordinary text (secrets; secrets and people)');
  for (const [name, part] of Object.entries(CRAFTED)) {
    const text = part.repeat(Math.floor(102_400 / part.length));
    const { verdict } = standard.inspect(text, { surface: 'result' });
    const times = [cpuOf(standard, text, 20) / ordinary, cpuOf(people, text, 20) / ordinaryPeople];
    console.log(`  ${name.padEnd(28)} ${verdict.padEnd(10)} ${times.map((time) => `${time.toFixed(1)}×`).join('  ')}`);
  }
}
