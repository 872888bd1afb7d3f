import { isJsonArray, isJsonObject, type JsonValue } from '@callgate/canonical';

import { GRAM_UNITS } from './fingerprints.ts';
import { createLabelCell, joinLabels, type Bringer, type LabelCell } from './label-cell.ts';
import { MAX_RUN_GRAMS, RunEvidence, type Source } from './run-evidence.ts';

/** A cell as plain data. What is under way is written as seen: whether its result got through is not known. */
export function snapshotLabels(cell: LabelCell): JsonValue {
  const seen = { ...createLabelCell(), labels: new Map(cell.labels), sawAll: cell.sawAll };
  for (const { call, labels, runs } of cell.pending.values()) joinLabels(seen, labels, { call, runs });
  return {
    labels: [...seen.labels].map(([label, bringers]) => [label, bringers.map(({ runs, calls }) => [runs, calls])]),
    sawAll: seen.sawAll,
    sources: cell.evidence.sources.map(sourceText),
    sent: [...cell.evidence.sent].map(([sink, hashes]) => [sink, writeHashes(hashes)]),
  };
}

/** Written once: sources never change, and snapshots are taken often. */
const written = new WeakMap<Source, JsonValue>();

function sourceText(source: Source): JsonValue {
  const known = written.get(source);
  if (known !== undefined) return known;
  const text = writeSource(source);
  written.set(source, text);
  return text;
}

function writeSource({ call, labels, runs, units, window, hashes, starts, tokens }: Source): JsonValue {
  return {
    call,
    labels,
    runs,
    units,
    window,
    hashes: writeHashes(hashes),
    starts: writeStarts(starts),
    tokens: tokens.flatMap(({ start, end }) => [start, end]),
  };
}

const HEX_DIGITS = 8;

/** How far each is from the one before, in base 36: most often one digit. */
function writeStarts(starts: Uint32Array): string {
  let before = 0;
  const steps: string[] = [];
  for (const start of starts) {
    steps.push((start - before).toString(36));
    before = start;
  }
  return steps.join(' ');
}

/** Eight hex digits each. */
function writeHashes(hashes: Iterable<number>): string {
  let text = '';
  for (const hash of hashes) text += (hash >>> 0).toString(16).padStart(HEX_DIGITS, '0');
  return text;
}

/** The cell that {@link snapshotLabels} wrote, or undefined where it wrote no such value. */
export function restoreLabels(value: JsonValue): LabelCell | undefined {
  if (!isJsonObject(value) || typeof value['sawAll'] !== 'boolean') return undefined;
  const labels = listOf(value['labels'], readLabel);
  const sources = listOf(value['sources'], readSource);
  const sent = listOf(value['sent'], readSent);
  if (labels === undefined || sources === undefined || sent === undefined) return undefined;
  return {
    ...createLabelCell(),
    labels: new Map(labels),
    sawAll: value['sawAll'],
    evidence: RunEvidence.of(sources, new Map(sent)),
  };
}

/** Every item read, or undefined where it is no list or one of them cannot be. */
function listOf<Item>(value: JsonValue | undefined, read: (item: JsonValue) => Item | undefined): Item[] | undefined {
  if (!isJsonArray(value)) return undefined;
  const items: Item[] = [];
  for (const item of value) {
    const known = read(item);
    if (known === undefined) return undefined;
    items.push(known);
  }
  return items;
}

function readLabel(value: JsonValue): [string, readonly Bringer[]] | undefined {
  if (!isJsonArray(value) || value.length !== 2) return undefined;
  const [label, list] = value;
  const bringers = listOf(list, readBringer);
  return typeof label === 'string' && bringers !== undefined && bringers.length > 0 ? [label, bringers] : undefined;
}

function readBringer(value: JsonValue): Bringer | undefined {
  if (!isJsonArray(value) || value.length !== 2) return undefined;
  const runs = listOf(value[0], readText);
  const calls = listOf(value[1], readText);
  return runs !== undefined && calls !== undefined ? { runs, calls } : undefined;
}

function readSent(value: JsonValue): [string, readonly number[]] | undefined {
  if (!isJsonArray(value) || value.length !== 2) return undefined;
  const [sink, list] = value;
  const hashes = readHashes(list);
  return typeof sink === 'string' && hashes !== undefined ? [sink, hashes] : undefined;
}

function readSource(value: JsonValue): Source | undefined {
  if (!isJsonObject(value)) return undefined;
  const call = readText(value['call']);
  const labels = listOf(value['labels'], readText);
  const runs = listOf(value['runs'], readText);
  const units = readCount(value['units']);
  const window = readCount(value['window']);
  const hashes = readHashes(value['hashes']);
  const starts = readStarts(value['starts']);
  const ends = listOf(value['tokens'], readCount);
  if (call === undefined || labels === undefined || runs === undefined || units === undefined) return undefined;
  if (window === undefined || window < 1 || hashes === undefined || starts === undefined || ends === undefined)
    return undefined;
  const isInOrder = starts.every((start, at) => start + GRAM_UNITS <= units && start > (starts[at - 1] ?? -1));
  const areTokens = ends.length % 2 === 0 && ends.every((end, at) => end <= units && end >= (ends[at - 1] ?? 0));
  if (starts.length !== hashes.length || starts.length > MAX_RUN_GRAMS || !isInOrder || !areTokens) return undefined;
  const tokens = ends.flatMap((start, at) => (at % 2 === 0 ? [{ start, end: ends[at + 1] ?? start }] : []));
  return {
    call,
    labels,
    runs,
    units,
    window,
    hashes: Int32Array.from(hashes),
    starts: Uint32Array.from(starts),
    tokens,
  };
}

function readText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function readCount(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32 ? value : undefined;
}

function readStarts(value: JsonValue | undefined): readonly number[] | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9a-z]{1,6}(?: [0-9a-z]{1,6})*)?$/u.test(value)) return undefined;
  let before = 0;
  return value === '' ? [] : value.split(' ').map((step) => (before += Number.parseInt(step, 36)));
}

function readHashes(value: JsonValue | undefined): readonly number[] | undefined {
  if (typeof value !== 'string' || value.length % HEX_DIGITS !== 0 || !/^[0-9a-f]*$/u.test(value)) return undefined;
  const hashes: number[] = [];
  for (let at = 0; at < value.length; at += HEX_DIGITS)
    hashes.push(Number.parseInt(value.slice(at, at + HEX_DIGITS), 16) | 0);
  return hashes;
}
