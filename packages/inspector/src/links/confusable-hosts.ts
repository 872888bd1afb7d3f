import type { Detector } from '../detector.ts';
import { FEATURES } from '../scan/features.ts';
import { CONFUSABLE, isConfusableHost } from './link-problems.ts';

/** What stands between a scheme and the end of a host, with the name before it. */
const AUTHORITY = /:\/\/(?:[^\s/?#@<>"]{0,256}@)?(?<host>[^\s/?#@:<>"()]{1,253})/gu;

/** Finds hosts whose letters look like those of another, as they are written: in plain form they are that other. */
export const CONFUSABLE_HOSTS_DETECTOR: Detector = Object.freeze({
  kind: 'links',
  isRaw: true,
  features: FEATURES.mixedScript,
  find({ text }, report, fuel): void {
    fuel.spend(Math.ceil(text.length / 4));
    for (const { 0: whole, index, groups } of text.matchAll(AUTHORITY)) {
      const host = groups?.['host'] ?? '';
      const end = index + whole.length;
      if (isConfusableHost(host)) report({ ...CONFUSABLE, start: end - host.length, end });
    }
  },
} satisfies Detector);
