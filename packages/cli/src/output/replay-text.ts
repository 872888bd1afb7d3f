import { flipWord, type Judged } from '../replay/flip.ts';
import { CHANGES, type Change, type ChangeGroup, type Example, type ReplayTally } from '../replay/replay-tally.ts';
import { printable, printableJson } from './printable.ts';
import type { ReplayReport } from './replay-json.ts';
import type { Style } from './style.ts';
import { formatCount, formatTime, plural } from './words.ts';

const SHOWN_GROUPS = 50;

/** The report for a person. */
export function replayText(report: ReplayReport, style: Style): readonly string[] {
  const { tally } = report;
  const groups = tally.groups();
  const flipped = groups.filter(({ change }) => change !== 'reason');
  return [
    ...flipped.slice(0, SHOWN_GROUPS).flatMap((group) => groupLines(group, style)),
    ...(flipped.length > SHOWN_GROUPS ? [`…and ${plural(flipped.length - SHOWN_GROUPS, 'more group')}`, ''] : []),
    `${style.bold(printable(report.candidate.name))} ${printable(report.candidate.version)} ${comparison(report)}`,
    `  ${replaySummary(tally)}`,
    ...CHANGES.filter((change) => tally.changes[change] > 0).map(
      (change) => `  ${changeWord(change, style)} ${formatCount(tally.changes[change])}`,
    ),
    ...noticeLines(tally, style),
  ];
}

/** One line: how many calls, what was decided, what could not be. */
export function replaySummary(tally: ReplayTally): string {
  const { allow, deny, hold } = tally.effects;
  const flips = CHANGES.reduce((sum, change) => (change === 'reason' ? sum : sum + tally.changes[change]), 0);
  return [
    `${plural(tally.calls, 'call')}: ${formatCount(allow)} allowed, ${formatCount(hold)} held, ${formatCount(deny)} denied`,
    tally.uncompared < tally.calls || tally.calls === 0 ? plural(flips, 'flip') : 'nothing to compare with',
    ...(tally.uncompared > 0 && tally.uncompared < tally.calls
      ? [`${formatCount(tally.uncompared)} not compared: no decision was recorded`]
      : []),
    ...runsWords(tally),
    ...(tally.leftOut > 0 ? [`${plural(tally.leftOut, 'recorded result')} left out, of calls that are stopped`] : []),
    ...(tally.malformed > 0 ? [`${formatCount(tally.malformed)} malformed`] : []),
    ...(tally.lost > 0 ? [`${plural(tally.lost, 'record')} missing from the trace`] : []),
  ].join('; ');
}

function runsWords({ runs }: ReplayTally): readonly string[] {
  const { count, stopped, untold } = runs;
  if (count === 0) return [];
  const more = untold === 0 ? '' : ` (and ${plural(untold, 'call')} of further runs)`;
  return [`${formatCount(stopped.length)} of ${plural(count, 'run')} had a call stopped${more}`];
}

/** With what decisions were compared, in words; `shown` makes foreign text safe where they stand. */
export function comparison({ baseline }: ReplayReport, shown: (text: string) => string = printable): string {
  return baseline === undefined
    ? 'against what was recorded'
    : `against ${shown(baseline.name)} ${shown(baseline.version)}`;
}

/** `arguments.envelope → allowed`. */
export function codes(before: Judged, after: Judged): string {
  return `${printable(before.code ?? 'code unknown')} → ${printable(after.code ?? 'code unknown')}`;
}

/** A change in words, without colour. */
export function plainChange(change: Change): string {
  if (change === 'reason') return 'same effect, other reason';
  return change === 'detail' ? 'same decision, other details' : flipWord(change);
}

function changeWord(change: Change, style: Style): string {
  const word = plainChange(change);
  switch (change) {
    case 'deny-allow':
    case 'hold-allow':
      return style.red(word);
    case 'deny-hold':
    case 'allow-hold':
    case 'hold-deny':
    case 'allow-deny':
      return style.yellow(word);
    case 'reason':
    case 'detail':
      return style.dim(word);
  }
}

function groupLines(group: ChangeGroup, style: Style): readonly string[] {
  const { change, server, target, before, after, count, examples } = group;
  return [
    `${changeWord(change, style)} ${style.bold(printable(target))} on ${printable(server)}: ${plural(count, 'call')} ${style.dim(`(${codes(before, after)})`)}`,
    ...examples.flatMap((example) => exampleLines(example, style)),
    '',
  ];
}

function exampleLines(example: Example, style: Style): readonly string[] {
  const { file, place, id, at, run, message, rules } = example;
  const about = [
    ...(id === null ? [] : [printable(String(id))]),
    ...(run === null ? [] : [`run ${printable(run)}`]),
    ...(at === null ? [] : [formatTime(at)]),
  ].join(', ');
  return [
    `  ${style.cyan(`${printable(file)}:${place}`)}${about === '' ? '' : ` ${style.dim(about)}`}`,
    `    ${argumentsText(example)}`,
    `    ${printable(message, 500)}${rules.length === 0 ? '' : style.dim(` (${rules.join(', ')})`)}`,
  ];
}

/** The arguments of an example on one line, safe to show. */
export function argumentsText(example: Example): string {
  return printableJson(JSON.stringify(example.arguments), true);
}

function noticeLines(tally: ReplayTally, style: Style): readonly string[] {
  return tally.notices.map(
    ({ file, place, message }) => `  ${style.yellow('note')} ${printable(file)}:${place}: ${printable(message)}`,
  );
}
