import type { JsonValue } from '@callgate/canonical';

import type { Detector } from '../detector.ts';
import { KeywordIndex } from '../scan/keyword-index.ts';
import { inspectionSteps } from './inspection-steps.ts';
import type { Inspection } from './inspection.ts';
import { compileRules, type CompiledRules, type InspectionContext, type InspectionRules } from './rules.ts';
import { TextSearch } from './search-text.ts';

/** How an inspection in turns waits and when it gives up. Clock and turns are the caller's. */
export interface TurnOptions {
  /** Resolves in a later turn of the event loop. Called after each 256 Ki units of work. */
  readonly turn: () => Promise<void>;
  /** Milliseconds since any moment, never falling. */
  readonly elapsedMs: () => number;
  /** After how many milliseconds the message is quarantined as `budget.time`. */
  readonly maxMs: number;
  /** An `AbortSignal`: aborted, it ends the inspection at the next turn. */
  readonly signal?: { throwIfAborted(): void };
}

/** Judges messages by rules. It keeps nothing of them. */
export interface Inspector {
  /** Inspects a message in one go. Never throws for what a message holds. */
  inspect(value: JsonValue, context: InspectionContext): Inspection;
  /**
   * Inspects a message and lets others work in between. The verdict is that of {@link Inspector.inspect} unless time runs out.
   *
   * @throws whatever `signal` was aborted with
   */
  inspectInTurns(value: JsonValue, context: InspectionContext, options: TurnOptions): Promise<Inspection>;
}

/**
 * Makes an inspector.
 *
 * @param standard the detectors where rules name none
 * @throws {TypeError} for a treatment it does not know
 * @throws {RangeError} for a bound out of range, or a keyword that is too short
 */
export function createInspectorWith(rules: InspectionRules, standard: readonly Detector[]): Inspector {
  return createInspectorFactory(rules.detectors ?? standard)(rules);
}

/**
 * Makes a maker of inspectors that search by the same detectors. Indexing the keywords of the standard ones takes milliseconds and more
 * than a megabyte: inspectors of one maker share it wherever they look for the same kinds.
 *
 * @returns makes an inspector; throws as {@link createInspectorWith} does
 */
export function createInspectorFactory(
  detectors: readonly Detector[],
): (rules: Omit<InspectionRules, 'detectors'>) => Inspector {
  /** By the kinds that are looked for, so at most one for each set of kinds. */
  const searches = new Map<string, TextSearch>();
  return (rules) => {
    const compiled = compileRules({ ...rules, detectors });
    const kinds = [...new Set(compiled.detectors.map(({ kind }) => kind))].join(' ');
    const search = searches.get(kinds) ?? searchBy(compiled.detectors);
    searches.set(kinds, search);
    return inspectorBy(compiled, search);
  };
}

function searchBy(detectors: readonly Detector[]): TextSearch {
  return new TextSearch(detectors, new KeywordIndex(detectors.map(({ keywords }) => keywords ?? [])));
}

function inspectorBy(compiled: CompiledRules, search: TextSearch): Inspector {
  return Object.freeze({
    inspect(value, context) {
      const steps = inspectionSteps(compiled, search, value, context);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
    async inspectInTurns(value, context, options) {
      const { turn, elapsedMs, maxMs, signal } = options;
      const begun = elapsedMs();
      const steps = inspectionSteps(compiled, search, value, context);
      for (let step = steps.next(); ; step = steps.next(elapsedMs() - begun > maxMs)) {
        if (step.done === true) return step.value;
        await turn();
        signal?.throwIfAborted();
      }
    },
  } satisfies Inspector);
}
