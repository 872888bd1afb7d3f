import type { JsonValue } from '@callgate/canonical';

import type { ValueSchema } from '../document/types.ts';
import type { KindLearner } from './kind-learner.ts';
import type { Learned } from './learned.ts';

/** What numbers have in common. */
export class NumberProfile {
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  #isWhole = true;
  #money: KindLearner | undefined;

  constructor(money: KindLearner | undefined) {
    this.#money = money;
  }

  see(value: number): void {
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    this.#isWhole &&= Number.isInteger(value);
    if (this.#money?.see(value) === false) this.#money = undefined;
  }

  get type(): 'integer' | 'number' {
    return this.#isWhole ? 'integer' : 'number';
  }

  bounds(): Pick<ValueSchema, 'minimum' | 'maximum'> {
    return { minimum: this.#least, maximum: this.#most };
  }

  learned(): Learned {
    const money = this.#money?.schema();
    if (money !== undefined) {
      const bounds = this.bounds() as Record<string, JsonValue>;
      return { schema: { ...money, ...bounds }, why: 'an amount, by its name; the least and the greatest seen' };
    }
    return { schema: { type: this.type, ...this.bounds() }, why: 'the least and the greatest seen' };
  }
}
