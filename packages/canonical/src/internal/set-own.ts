import type { JsonValue } from '../json.ts';

/** Gives `object` an own property, whatever its name is and whatever a host did to `Object.prototype`. */
export function setOwn(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key in Object.prototype) {
    // Assigning to `__proto__`, or to a name whose inherited property has a setter or is frozen, sets nothing here.
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
