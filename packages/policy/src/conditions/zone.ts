import { nearestName } from '../internal/nearest-name.ts';
import { daysOf } from '../internal/civil-date.ts';
import { offsetMs } from './time-text.ts';

// The one file of this package that uses `Intl`. It is deterministic given a zone and the runtime's tz database: the locale, the
// calendar and the zone are always named, and neither the zone nor the clock of the machine is ever read.

/** A time zone. */
export interface Zone {
  readonly name: string;
  /** How far its clocks are ahead of UTC at an instant, in milliseconds: local time is the instant plus this. */
  readonly offsetAt: (ms: number) => number;
}

const BUCKET_MS = 15 * 60 * 1000;
/** Offsets remembered for each zone: five weeks of quarter hours. */
const MAX_BUCKETS = 4096;
// before the second day of the year 1 a zone west of Greenwich is in a year that formats like another
const FIRST_MS = -62_135_510_400_000;

const FIXED = /^(?:UTC|Z|([+-]?)(\d{2}):(\d{2}))$/u;
const NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/u;

const known = new Map<string, Zone>();

/** The zone of an IANA name such as `Europe/Madrid`, `UTC`, or a fixed offset such as `+02:00`; undefined where there is none. */
export function zoneNamed(name: string): Zone | undefined {
  const fixed = FIXED.exec(name);
  if (fixed !== null) {
    const offset = offsetMs(fixed[1], fixed[2], fixed[3]);
    return offset === undefined ? undefined : { name, offsetAt: () => offset };
  }
  if (!NAME.test(name)) return undefined;
  const found = known.get(name.toLowerCase());
  // named as it is asked for, whoever asked before
  if (found !== undefined) return { name, offsetAt: found.offsetAt };
  const zone = createZone(name);
  // bounded by the number of zones there are
  if (zone !== undefined) known.set(name.toLowerCase(), zone);
  return zone;
}

/** The zone whose name is nearest to one that is unknown. */
export function nearestZone(name: string): string | undefined {
  // more names are not compared than one region has
  const initial = name.charAt(0).toUpperCase();
  return nearestName(
    name,
    Intl.supportedValuesOf('timeZone').filter((zone) => zone.startsWith(initial)),
  );
}

function createZone(name: string): Zone | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const exactOffset = (ms: number): number => {
    const second = Math.floor(Math.max(ms, FIRST_MS) / 1000) * 1000;
    return localMs(format.formatToParts(second)) - second;
  };
  const buckets = new Map<number, number>();
  let lastBucket = Number.NaN;
  let lastOffset = 0;
  const offsetAt = (ms: number): number => {
    const bucket = Math.floor(ms / BUCKET_MS);
    if (bucket === lastBucket) return lastOffset;
    const offset = offsetIn(bucket, ms);
    if (buckets.has(bucket)) {
      lastBucket = bucket;
      lastOffset = offset;
    }
    return offset;
  };
  const offsetIn = (bucket: number, ms: number): number => {
    const remembered = buckets.get(bucket);
    if (remembered !== undefined) return remembered;
    const offset = exactOffset(bucket * BUCKET_MS);
    // a quarter hour in which clocks change is looked up each time
    if (offset !== exactOffset((bucket + 1) * BUCKET_MS - 1)) return exactOffset(ms);
    if (buckets.size >= MAX_BUCKETS) buckets.clear();
    buckets.set(bucket, offset);
    return offset;
  };
  return { name, offsetAt };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      calendar: 'gregory',
      numberingSystem: 'latn',
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // a RangeError: there is no such zone
    return undefined;
  }
}

/** What the parts of a formatted time say, as if they were UTC. */
function localMs(parts: readonly Intl.DateTimeFormatPart[]): number {
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const days = daysOf({ year: read('year'), month: read('month'), day: read('day') });
  return ((days * 24 + read('hour')) * 60 + read('minute')) * 60_000 + read('second') * 1000;
}
