import type {
  AnomalyEntry,
  AuditRecord,
  DecisionEntry,
  DefinitionEntry,
  LifecycleEntry,
  OutcomeEntry,
} from '@callgate/audit';

import { effectWord } from './decision-text.ts';
import { printable } from './printable.ts';
import { ruleWords } from './run-text.ts';
import type { Style } from './style.ts';
import { formatCount, formatTime, plural } from './words.ts';

/** Widths of the columns before the last, which is open. */
const WIDTHS = { seq: 7, time: 24, kind: 10, result: 14, subject: 34 };

/** The cells of a record that depend on its kind. */
interface Cells {
  /** As printed; `resultLength` is its width without colours. */
  readonly result: string;
  readonly resultLength: number;
  readonly subject: string;
  /** Foreign text as it is; made printable when printed. */
  readonly details: readonly string[];
}

/** The table's head. */
export function recordHeader(style: Style): string {
  const titles = ['seq'.padStart(WIDTHS.seq), 'time'.padEnd(WIDTHS.time), 'kind'.padEnd(WIDTHS.kind)];
  return style.bold(
    [...titles, 'result'.padEnd(WIDTHS.result), 'subject'.padEnd(WIDTHS.subject), 'details'].join('  '),
  );
}

/** One record as a line of the table. */
export function recordLine(record: AuditRecord, style: Style): string {
  const cells = cellsOf(record, style);
  const columns = [
    String(record.seq).padStart(WIDTHS.seq),
    style.dim(formatTime(record.time).padEnd(WIDTHS.time)),
    record.kind.padEnd(WIDTHS.kind),
    cells.result + ' '.repeat(Math.max(0, WIDTHS.result - cells.resultLength)),
    cells.subject.padEnd(WIDTHS.subject),
    style.dim(cells.details.map((detail) => printable(detail)).join(' · ')),
  ];
  return columns.join('  ').trimEnd();
}

function cellsOf(record: AuditRecord, style: Style): Cells {
  switch (record.kind) {
    case 'decision':
      return decisionCells(record, style);
    case 'outcome':
      return outcomeCells(record, style);
    case 'definition':
      return definitionCells(record, style);
    case 'anomaly':
      return anomalyCells(record, style);
    case 'lifecycle':
      return lifecycleCells(record);
    case 'gap': {
      const subject = `${plural(record.count, 'record')} not kept`;
      return { ...marked('gap', style.red), subject, details: [record.code] };
    }
  }
}

function decisionCells(record: DecisionEntry, style: Style): Cells {
  const { principal, rules } = record;
  const actors = [principal.user, principal.agent, principal.workload].filter((actor) => actor !== undefined);
  const name = record.target === null || record.method === 'tools/call' ? '' : ` ${printable(record.target)}`;
  const target =
    record.method === 'tools/call' && record.target !== null ? printable(record.target) : printable(record.method);
  const lines = rules.map(ruleWords);
  const why = record.violations.map(({ code }) => code).filter((code) => code.startsWith('control.'));
  const word = record.would === null ? record.effect.toUpperCase() : `${record.effect.toUpperCase()} (${record.would})`;
  const would = record.would === null ? '' : ` (${record.would})`;
  return {
    result: `${effectWord(record.effect, style)}${would}`,
    resultLength: word.length,
    subject: `${printable(record.server.name)} › ${target}${name}`,
    details: [
      [record.wouldCode ?? record.code, ...why].join(', '),
      ...(actors.length === 0 ? [] : [actors.join(', ')]),
      ...(principal.team === undefined ? [] : [`team ${principal.team}`]),
      ...(principal.tenant === undefined ? [] : [`tenant ${principal.tenant}`]),
      ...(record.run === null ? [] : [`run ${record.run}`]),
      ...(lines.length === 0 ? [] : [lines.join(', ')]),
      ...(record.notices === undefined ? [] : [`over soft limits of ${record.notices.join(', ')}`]),
      record.request,
    ],
  };
}

function outcomeCells(record: OutcomeEntry, style: Style): Cells {
  const isFine = record.outcome === 'ok' || record.outcome === 'denied';
  return {
    ...marked(record.outcome, isFine ? (text) => text : style.yellow),
    subject: printable(record.request),
    details: [
      ...(record.code === null ? [] : [record.code]),
      `${formatCount(Math.round(record.durationMs * 10) / 10)} ms`,
      ...(record.response === null ? [] : [plural(record.response.bytes, 'byte')]),
      ...(record.inspection === null ? [] : [`inspection ${record.inspection.verdict}`]),
    ],
  };
}

function definitionCells(record: DefinitionEntry, style: Style): Cells {
  return {
    ...marked(record.event, record.event === 'listed' ? (text) => text : style.yellow),
    subject: printable(record.server),
    details: [
      record.drifts === undefined
        ? plural(record.tools.length, 'tool')
        : `${plural(record.drifts.length, 'difference')} from the lock`,
      ...(record.code === null ? [] : [record.code]),
    ],
  };
}

function anomalyCells(record: AnomalyEntry, style: Style): Cells {
  return {
    ...marked('anomaly', style.red),
    subject: printable(record.server),
    details: [record.code, ...(record.request === null ? [] : [record.request])],
  };
}

function lifecycleCells(record: LifecycleEntry): Cells {
  const details = Object.keys(record.detail).length === 0 ? [] : [JSON.stringify(record.detail)];
  return { ...marked(record.event, (text) => text), subject: '', details };
}

function marked(word: string, paint: (text: string) => string): Pick<Cells, 'result' | 'resultLength'> {
  return { result: paint(word), resultLength: word.length };
}
