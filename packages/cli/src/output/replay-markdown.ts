import { formatCount, plural } from './words.ts';
import { CHANGES, type ChangeGroup } from '../replay/replay-tally.ts';
import { printable } from './printable.ts';
import type { ReplayReport } from './replay-json.ts';
import { argumentsText, codes, comparison, plainChange, replaySummary } from './replay-text.ts';

const SHOWN_GROUPS = 50;

/** The report for a comment on a change. */
export function replayMarkdown(report: ReplayReport): readonly string[] {
  const { candidate, tally } = report;
  const groups = tally.groups();
  const shown = groups.slice(0, SHOWN_GROUPS);
  return [
    `### Replay of ${text(candidate.name)} ${text(candidate.version)} ${comparison(report, text)}`,
    '',
    `${replaySummary(tally)}.`,
    ...(groups.length === 0 ? [] : ['', '| change | calls |', '| --- | ---: |']),
    ...CHANGES.filter((change) => tally.changes[change] > 0).map(
      (change) => `| ${plainChange(change)} | ${formatCount(tally.changes[change])} |`,
    ),
    ...(groups.length === 0
      ? []
      : ['', '| change | server | tool | calls | code | example |', '| --- | --- | --- | ---: | --- | --- |']),
    ...shown.map(row),
    ...(groups.length > shown.length ? ['', `…and ${plural(groups.length - shown.length, 'more group')}.`] : []),
    ...(tally.notices.length === 0 ? [] : ['']),
    ...tally.notices.map(({ file, place, message }) => `- ${text(`${file}:${place}`)}: ${text(message)}`),
  ];
}

function row({ change, server, target, count, before, after, examples }: ChangeGroup): string {
  const [example] = examples;
  const shown =
    example === undefined ? '' : `${text(`${example.file}:${example.place}`)} ${text(argumentsText(example))}`;
  return `| ${plainChange(change)} | ${text(server)} | ${text(target)} | ${formatCount(count)} | ${text(codes(before, after))} | ${shown} |`;
}

/** Foreign text as code, which nothing in it can end. */
function text(value: string): string {
  const safe = printable(value, 300).replaceAll('`', "'").replaceAll('|', '\\|');
  return `\`${safe}\``;
}
