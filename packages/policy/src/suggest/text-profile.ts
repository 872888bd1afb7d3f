import type { ValueSchema } from '../document/types.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { codePoints, roundedUp } from './count-limits.ts';
import { KindLearner, type KindPlan } from './kind-learner.ts';
import { PROSE_PLAN, TEXT_PLANS } from './kind-plans.ts';
import { secretIn } from '../lint/secret-text.ts';
import { isListable, isSecretName } from './listable.ts';
import type { Learned } from './learned.ts';
import { TextShape } from './text-shape.ts';

/** Different values that are told apart; beyond it a text is “many”. */
const MAX_DISTINCT = 32;

/** Characters that told-apart values may have in all. */
const MAX_KEPT = 4096;

/** Values that a policy lists at most. */
const MAX_ENUM = 16;

/** Texts longer than this are not tried as any kind but free text: to parse each of them is not worth it. */
const MAX_PARSED = 20_000;

/** What the texts at one place of the arguments have in common. Bounded, whatever they are. */
export class TextProfile {
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #isSecret: boolean;
  #distinct: Map<string, number> | undefined = new Map();
  #kept = 0;
  readonly #shape = new TextShape();
  #learners: readonly KindLearner[];
  #prose: KindLearner | undefined;

  /** @param name of the argument, property or list that they stand in */
  constructor(name: string, kinds: ReadonlyMap<string, ArgumentKind>) {
    const learnerOf = (plan: KindPlan): readonly KindLearner[] => {
      const kind = kinds.get(plan.kind);
      return kind === undefined ? [] : [new KindLearner(kind, plan, name)];
    };
    this.#isSecret = isSecretName(name);
    this.#learners = TEXT_PLANS.flatMap(learnerOf);
    [this.#prose] = learnerOf(PROSE_PLAN);
  }

  /** How many different texts there were; undefined: more than are told apart. */
  get distinct(): number | undefined {
    return this.#distinct?.size;
  }

  see(text: string): void {
    this.#count += 1;
    const known = this.#distinct?.get(text);
    if (known !== undefined) {
      // Equal texts teach nothing new.
      this.#distinct?.set(text, known + 1);
      return;
    }
    this.#remember(text);
    const length = codePoints(text);
    this.#least = Math.min(this.#least, length);
    this.#most = Math.max(this.#most, length);
    this.#isSecret ||= secretIn(text) !== undefined;
    this.#shape.see(text);
    this.#learners = text.length > MAX_PARSED ? [] : this.#learners.filter((learner) => learner.see(text));
    if (this.#prose?.see(text) === false) this.#prose = undefined;
  }

  /** The schema of texts and nothing else. */
  learned(leastSupport: number): Learned {
    if (this.#isSecret) {
      return { schema: this.#lengths(), why: 'looks like a credential: no value is listed, only lengths are bounded' };
    }
    const [learner] = this.#learners;
    const kind = learner?.schema();
    if (learner !== undefined && kind !== undefined) {
      const { remark } = learner.plan;
      return { schema: kind, why: `all are of kind ${kind.kind}${remark === undefined ? '' : `; ${remark}`}` };
    }
    const values = this.values(leastSupport);
    if (values !== undefined) return { schema: { enum: values }, why: 'few values, each seen often enough' };
    const pattern = this.#shape.pattern([this.#least, this.#most], (this.#distinct?.size ?? MAX_DISTINCT) > 3);
    if (pattern !== undefined) {
      return { schema: { type: 'string', pattern, maxLength: this.#most }, why: 'the form that all values share' };
    }
    const prose = this.#prose?.schema();
    const why = `free text: no value is listed; the longest had ${this.#most} characters`;
    return prose === undefined
      ? { schema: { type: 'string', maxLength: roundedUp(this.#most) }, why }
      : { schema: { ...prose, maxLength: Math.max(1, roundedUp(this.#most)) }, why };
  }

  /** The keywords for texts, to stand beside those for other types. */
  keywords(): ValueSchema {
    if (this.#isSecret) return this.#lengths();
    const pattern = this.#shape.pattern([this.#least, this.#most], (this.#distinct?.size ?? MAX_DISTINCT) > 3);
    return pattern === undefined ? { maxLength: roundedUp(this.#most) } : { pattern, maxLength: this.#most };
  }

  /** The values, where they are few, were seen often enough and may stand in a policy. */
  values(leastSupport: number): readonly string[] | undefined {
    const distinct = this.#distinct;
    if (this.#isSecret || distinct === undefined || distinct.size > MAX_ENUM) return undefined;
    const isSupported = this.#count >= Math.max(leastSupport, distinct.size * 3);
    const values = [...distinct.keys()];
    return isSupported && values.every(isListable) ? values.toSorted() : undefined;
  }

  #lengths(): ValueSchema {
    return { type: 'string', minLength: this.#least, maxLength: this.#most };
  }

  #remember(text: string): void {
    if (this.#distinct === undefined) return;
    this.#kept += text.length;
    if (this.#distinct.size < MAX_DISTINCT && this.#kept <= MAX_KEPT) {
      this.#distinct.set(text, 1);
      return;
    }
    this.#distinct = undefined;
    // Of several kinds that all values passed so far, the others would not be suggested: asking them costs most of the time.
    this.#learners = this.#learners.slice(0, 1);
  }
}
