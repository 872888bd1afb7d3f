import { flat } from './repeated-member.ts';

/**
 * Remembers the text of deeply frozen objects: a gate puts the same principal, server and policy objects into record
 * after record, and what is frozen all the way down cannot change its text. Entries die with their objects.
 */
export class FrozenText<T extends object> {
  readonly #texts = new WeakMap<object, string>();
  readonly #write: (value: T) => string;

  constructor(write: (value: T) => string) {
    this.#write = write;
  }

  of(value: T): string {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = flat(this.#write(value));
    if (isDeeplyFrozen(value)) this.#texts.set(value, text);
    return text;
  }
}

/** Whether nothing in plain data can change. Accessors count as changing. */
function isDeeplyFrozen(value: object): boolean {
  if (!Object.isFrozen(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property: PropertyDescriptor) =>
      'value' in property &&
      (typeof property.value !== 'object' || property.value === null || isDeeplyFrozen(property.value as object)),
  );
}
