import type { HeldOutCheck, ObservedRate, SkippedCalls, Suggestion } from '@callgate/policy';

import { formatCount, plural } from './words.ts';

const SHOWN = 20;

/** A suggestion, and what its logs held besides calls. */
export interface SuggestionReport {
  readonly suggestion: Suggestion;
  readonly malformed: number;
  /** Calls that a trace says it does not have. */
  readonly lost: number;
}

/** What a reviewer reads first, as lines: where it comes from, how it does on held-out calls, and what is not in it. */
export function suggestionHeader(report: SuggestionReport): readonly string[] {
  const { suggestion } = report;
  return [
    `Suggested from ${learnedFrom(suggestion)}.`,
    'A proposal: it says what was seen, not what should be. Read every line before it is enforced.',
    '',
    ...heldOutLines(suggestion.heldOut),
    ...section('Too few calls to rely on', suggestion.thin),
    ...section('Not learned from', [...suggestion.skipped.map(skippedLine), ...lossLines(report)]),
    ...section(
      `The most calls seen${suggestion.document.meters === undefined ? '' : ': the meters let pass a little more'}`,
      suggestion.rates.map(rateLine),
    ),
  ];
}

/** The same in a few lines, for standard error. */
export function suggestionSummary(report: SuggestionReport): readonly string[] {
  const { heldOut, skipped, thin } = report.suggestion;
  const skippedCalls = skipped.reduce((sum, { calls }) => sum + calls, 0);
  return [
    `suggested from ${learnedFrom(report.suggestion)}`,
    heldOutText(heldOut),
    ...(thin.length > 0 ? [`too few calls of ${plural(thin.length, 'tool')} to rely on`] : []),
    ...(skippedCalls > 0 ? [`${plural(skippedCalls, 'call')} not learned from`] : []),
    ...lossLines(report),
  ];
}

function learnedFrom({ calls, runs }: Suggestion): string {
  return `${plural(calls, 'call')}${runs > 0 ? ` in ${plural(runs, 'run')}` : ''}`;
}

function heldOutLines(heldOut: HeldOutCheck): readonly string[] {
  return [
    `${capitalized(heldOutText(heldOut))}.`,
    ...listed(
      heldOut.refused.map(
        ({ calls, tool, server, effect, reason }) =>
          `${formatCount(calls)} × ${effect} \`${tool}\` on \`${server}\`: ${reason}`,
      ),
    ),
  ];
}

function heldOutText({ by, calls, checked, allowed }: HeldOutCheck): string {
  if (calls === 0) return 'nothing was held out, so how it does on other calls is not known';
  const unit = by === 'run' ? 'whole runs' : 'single calls: there are no two runs';
  const kept = checked < calls ? `, of which ${formatCount(checked)} were checked` : '';
  return `held out ${plural(calls, 'call')} (${unit})${kept}: ${formatCount(allowed)} would pass, ${formatCount(checked - allowed)} would not`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function skippedLine({ server, target, reason, calls }: SkippedCalls): string {
  return `${formatCount(calls)} × \`${target}\` on \`${server}\`: ${reason}`;
}

function lossLines({ malformed, lost }: SuggestionReport): readonly string[] {
  return [
    ...(malformed > 0 ? [plural(malformed, 'malformed line')] : []),
    ...(lost > 0 ? [`${plural(lost, 'call')} missing from the trace`] : []),
  ];
}

function rateLine({ server, tool, per, most }: ObservedRate): string {
  return `${formatCount(most)} × \`${tool}\` on \`${server}\` in ${per === 'run' ? 'one run' : 'a minute'}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...listed(lines)];
}

function listed(lines: readonly string[]): readonly string[] {
  const rest = lines.length - SHOWN;
  return [
    ...lines.slice(0, SHOWN).map((line) => `  - ${line}`),
    ...(rest > 0 ? [`  - …and ${formatCount(rest)} more`] : []),
  ];
}
