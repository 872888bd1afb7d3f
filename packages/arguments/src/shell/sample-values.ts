import type { JsonValue } from '@callgate/canonical';

import { interleave, programExamples } from './examples.ts';
import { pathText } from './path.ts';
import { quoteWords } from './quote.ts';
import type { ShellRules } from './rules.ts';
import type { ShellOperator } from './specification.ts';

/** Samples and probes of a kind; most of the samples pass, and the caller drops the rest. */
export interface SampleValues {
  readonly samples: readonly JsonValue[];
  readonly probes: readonly JsonValue[];
}

const JOINTS: Readonly<Partial<Record<ShellOperator, string>>> = {
  and: '&&',
  background: '&',
  or: '||',
  pipe: '|',
  sequence: ';',
};

const MAX_BOUND_SHOWN = 20_000;

export function sampleValues(rules: ShellRules): SampleValues {
  const programs = programExamples(rules);
  const pass = interleave(programs.map((one) => one.pass));
  const edge = interleave(programs.map((one) => one.edge));
  const base = quoteWords(pass[0] ?? []);
  const lines = rules.form !== 'argv';
  const arrays = rules.form !== 'line';
  const asValues = (commands: readonly (readonly string[])[]): readonly JsonValue[] =>
    interleave<JsonValue>([lines ? commands.map(quoteWords) : [], arrays ? commands : []]);
  const operators = lines ? operatorLines(base, rules) : [];
  return {
    samples: interleave([asValues(pass), operators]),
    probes: [
      ...boundProbes(base, pass[0] ?? [], rules),
      ...interleave([asValues(pass), asValues(edge), operators]),
      ...(lines ? ['unlisted', `${base} > /etc/passwd`, `${base} $HOME`, `${base} *`] : []),
    ],
  };
}

/** The line with each operator that is allowed. */
function operatorLines(base: string, { operators, redirects }: ShellRules): readonly string[] {
  const target = redirects[0] === undefined ? 'out' : pathText(redirects[0]);
  const lines: string[] = [];
  for (const operator of operators) {
    const joint = JOINTS[operator];
    if (joint !== undefined) lines.push(`${base} ${joint} ${base}`);
  }
  if (operators.has('background')) lines.push(`${base} &`);
  if (operators.has('redirect-in')) lines.push(`${base} < ${target}`);
  if (operators.has('redirect-out')) lines.push(`${base} > ${target}`, `${base} 2> ${target}`);
  if (operators.has('append')) lines.push(`${base} >> ${target}`);
  if (operators.has('merge')) lines.push(`${base} 2>&1`);
  for (const root of redirects) if (operators.has('redirect-out')) lines.push(`${base} > ${pathText(root)}`);
  return lines;
}

/** The other form, and lines and arrays of the greatest length and number of commands, and one more. */
function boundProbes(base: string, words: readonly string[], rules: ShellRules): readonly JsonValue[] {
  const probes: JsonValue[] = [base, words];
  if (base === '') return probes;
  const joint = [...rules.operators].map((operator) => JOINTS[operator]).find((text) => text !== undefined);
  if (joint !== undefined) {
    for (const count of [rules.maxCommands, rules.maxCommands + 1]) {
      probes.push(Array.from({ length: count }, () => base).join(` ${joint} `));
    }
  }
  if (rules.maxLength <= MAX_BOUND_SHOWN && base.length <= rules.maxLength) {
    probes.push(base.padEnd(rules.maxLength), base.padEnd(rules.maxLength + 1));
  }
  return probes;
}
