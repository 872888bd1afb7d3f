import {
  STANDARD_DETECTORS,
  createInspector,
  createShapeCheck,
  createSizeCheck,
  type Detector,
  type FindingKind,
  type InspectionRules,
  type Inspector,
  type Treatment,
} from '@callgate/inspector';
import { DEFAULT_RESULT_RULES, type ResultRules, type ResultTreatment } from '@callgate/policy';

/**
 * The inspectors of a process, one for each set of rules: making one indexes all keywords, and rules are compiled once with their
 * policy.
 */
export class Inspectors {
  readonly #byRules = new WeakMap<ResultRules, Inspector>();
  readonly #detectors: readonly Detector[];

  /** @param own the host's detectors, beside the standard ones */
  constructor(own: readonly Detector[]) {
    this.#detectors = [...STANDARD_DETECTORS, ...own];
  }

  /** The inspector of `rules`; of the standard ones where policy says nothing. */
  of(rules: ResultRules = DEFAULT_RESULT_RULES): Inspector {
    const known = this.#byRules.get(rules);
    if (known !== undefined) return known;
    const inspector = createInspector({ ...inspectionRules(rules), detectors: this.#detectors });
    this.#byRules.set(rules, inspector);
    return inspector;
  }
}

/** Rules of a policy, in the inspector's words. */
function inspectionRules(rules: ResultRules): InspectionRules {
  const { classes, instructions, matchesManifest, content, mimeTypes, rows, maxTokens } = rules;
  const { secret, invisible, link, ...personal } = classes;
  const treatments: Partial<Record<FindingKind, Treatment>> = {
    secrets: treatmentOf(secret),
    invisible: treatmentOf(invisible),
    links: treatmentOf(link),
    instructions: treatmentOf(instructions),
    pii: 'off',
  };
  const categories = Object.fromEntries(
    Object.entries(personal).flatMap(([name, treatment]) =>
      treatment === 'pass' ? [] : [[name, treatmentOf(treatment)] as const],
    ),
  );
  const shape = createShapeCheck({
    matchesManifest,
    ...(content === undefined ? {} : { content }),
    ...(mimeTypes === undefined ? {} : { mimeTypes }),
    ...(rows === undefined ? {} : { rows }),
  });
  return {
    treatments,
    categories,
    checks: maxTokens === undefined ? [shape] : [createSizeCheck({ maxTokens }), shape],
  };
}

function treatmentOf(treatment: ResultTreatment): Treatment {
  return treatment === 'pass' ? 'off' : treatment;
}
