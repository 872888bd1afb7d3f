/**
 * `npm test`: the whole check, stage by stage. Stops at the first stage that fails, with exit code 1; `--keep-going` goes on.
 *
 *     npm test -- [--verbose] [--only <stage>]… [--keep-going] [--list]
 */
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';

import { STAGES, type Stage, type StageResult } from './check/stages.ts';
import { add, describeTally, NOTHING, type Tally } from './check/tally.ts';
import { ROOT } from './check/workspace.ts';

const { values } = parseArgs({
  options: {
    verbose: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    'keep-going': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

// What the stages start, tools and children of tests alike, compiles a file once and not in each process.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, '.cache/node');
process.exitCode = values.list ? list() : await check(chosenStages(values.only));

function list(): number {
  for (const stage of STAGES) console.log(`${stage.name.padEnd(10)} ${stage.about}`);
  return 0;
}

function chosenStages(only: readonly string[]): readonly Stage[] {
  const unknown = only.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown === undefined) return only.length === 0 ? STAGES : STAGES.filter(({ name }) => only.includes(name));
  console.error(`unknown stage \`${unknown}\`: expected one of ${STAGES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

async function check(stages: readonly Stage[]): Promise<number> {
  let tally: Tally = NOTHING;
  let failed = false;
  for (const stage of stages) {
    const startedMs = performance.now();
    const result = await stage.run(values.verbose);
    report(stage, result, performance.now() - startedMs);
    tally = add(tally, result.tally ?? (result.ok ? NOTHING : { ...NOTHING, failed: 1 }));
    failed ||= !result.ok;
    if (failed && !values['keep-going']) break;
  }
  // A stage can fail without a failed test: the closing line must not read as if all were well.
  console.log(describeTally(failed && tally.failed === 0 ? { ...tally, failed: 1 } : tally));
  return failed ? 1 : 0;
}

function report(stage: Stage, result: StageResult, durationMs: number): void {
  const mark = result.ok ? paint('green', 'ok    ') : paint('red', 'failed');
  const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(8);
  const note = result.note ?? (result.tally === undefined ? '' : describeTally(result.tally));
  console.log(`${mark} ${stage.name.padEnd(10)} ${paint('dim', seconds)}  ${note}`.trimEnd());
  if (!result.ok && !values.verbose) console.log(`\n${result.output.trimEnd()}\n`);
}

function paint(style: 'green' | 'red' | 'dim', text: string): string {
  // `styleText` heeds NO_COLOR and terminals that show none.
  return styleText(style, text, { stream: process.stdout });
}
