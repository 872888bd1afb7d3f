import type { Detector } from './detector.ts';
import { createInspectorWith, type Inspector } from './inspect/inspector.ts';
import { INVISIBLE_DETECTOR } from './invisible/invisible-detector.ts';
import { CONFUSABLE_HOSTS_DETECTOR } from './links/confusable-hosts.ts';
import { LINKS_DETECTOR } from './links/links-detector.ts';
import { MARKUP_DETECTOR } from './markup/markup-detector.ts';
import type { InspectionRules } from './inspect/rules.ts';
import { INSTRUCTION_DETECTOR } from './instructions/instruction-detector.ts';
import { PII_DETECTOR } from './pii/pii-detector.ts';
import { SECRETS_DETECTOR } from './secrets/secrets-detector.ts';

/** The detectors that rules stand for where they name none. */
export const STANDARD_DETECTORS: readonly Detector[] = Object.freeze([
  SECRETS_DETECTOR,
  PII_DETECTOR,
  INSTRUCTION_DETECTOR,
  INVISIBLE_DETECTOR,
  MARKUP_DETECTOR,
  LINKS_DETECTOR,
  CONFUSABLE_HOSTS_DETECTOR,
]);

/**
 * Makes an inspector with the standard detectors, or those that rules name.
 *
 * @throws {TypeError} for a treatment it does not know
 * @throws {RangeError} for a bound out of range, or a keyword that is too short
 */
export function createInspector(rules: InspectionRules = {}): Inspector {
  return createInspectorWith(rules, STANDARD_DETECTORS);
}
