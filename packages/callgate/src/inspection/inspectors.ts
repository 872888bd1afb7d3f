import {
  STANDARD_DETECTORS,
  createInspectorFactory,
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
 * The inspectors of a gate, one for each set of rules. Rules of an entry are compiled once with their policy; where several entries judge
 * a call theirs are put together for that call, and so is its inspector: all share what is indexed for the detectors.
 */
export class Inspectors {
  readonly #byRules = new WeakMap<ResultRules, Inspector>();
  readonly #create: ReturnType<typeof createInspectorFactory>;

  /** @param own the host's detectors, beside the standard ones */
  constructor(own: readonly Detector[]) {
    this.#create = createInspectorFactory([...STANDARD_DETECTORS, ...own]);
  }

  /** The inspector of `rules`; of the standard ones where policy says nothing. */
  of(rules: ResultRules = DEFAULT_RESULT_RULES): Inspector {
    const known = this.#byRules.get(rules);
    if (known !== undefined) return known;
    const inspector = this.#create(inspectionRules(rules));
    this.#byRules.set(rules, inspector);
    return inspector;
  }
}

/** Rules of a policy, in the inspector's words. */
function inspectionRules(rules: ResultRules): Omit<InspectionRules, 'detectors'> {
  const { classes, instructions, matchesManifest, content, mimeTypes, rows, maxTokens, over = 'quarantine' } = rules;
  const { secret, password, invisible, link, ...personal } = classes;
  const treatments: Partial<Record<FindingKind, Treatment>> = {
    secrets: treatmentOf(secret),
    invisible: treatmentOf(invisible),
    links: treatmentOf(link),
    instructions: treatmentOf(instructions),
    pii: 'off',
  };
  const categories = {
    password: treatmentOf(password),
    ...Object.fromEntries(
      Object.entries(personal).flatMap(([name, treatment]) =>
        treatment === 'pass' ? [] : [[name, treatmentOf(treatment)] as const],
      ),
    ),
  };
  const shape = createShapeCheck({
    matchesManifest,
    ...(content === undefined ? {} : { content }),
    ...(mimeTypes === undefined ? {} : { mimeTypes }),
    ...(rows === undefined ? {} : { rows }),
  });
  return {
    treatments,
    categories,
    checks: maxTokens === undefined ? [shape] : [createSizeCheck({ maxTokens, over }), shape],
  };
}

function treatmentOf(treatment: ResultTreatment): Treatment {
  return treatment === 'pass' ? 'off' : treatment;
}
