import { appendPointer, excerpt } from '@callgate/canonical';

import { isIdentifier } from '../internal/foreign-name.ts';

/** A place in a call's arguments: as a JSON pointer, and as words use it (`filter.regions[2]`). */
export interface Place {
  readonly pointer: string;
  readonly label: string;
}

export const ROOT: Place = { pointer: '', label: '' };

/** The property `name`, which the policy names. */
export function atProperty(parent: Place, name: string): Place {
  const label = excerpt(name);
  return {
    pointer: appendPointer(parent.pointer, name),
    label: parent.label === '' ? label : `${parent.label}.${label}`,
  };
}

/** A property that the policy does not name. A name that does not look like an identifier is left out of both forms. */
export function atForeignProperty(parent: Place, name: string): Place {
  return isIdentifier(name) ? atProperty(parent, name) : parent;
}

export function atIndex(parent: Place, index: number): Place {
  return { pointer: appendPointer(parent.pointer, index), label: `${parent.label}[${index}]` };
}
