import { pointerOfPath } from '../document/units.ts';
import type { KeyPart } from './control.ts';

const NONE: readonly never[] = Object.freeze([]);

/** How calls come to what a control keeps its state by, where a text of the policy says it. The text has been checked. */
export function keyPartOf(text: string, volatile: readonly string[] = NONE): KeyPart {
  switch (text) {
    case 'run':
    case 'server':
    case 'tool':
    case 'environment':
      return Object.freeze({ by: text });
    case 'arguments':
      return Object.freeze({ by: 'arguments', volatile: Object.freeze(volatile.toSorted()) });
    default:
      break;
  }
  const [, member] = /^principal\.(.*)$/u.exec(text) ?? [];
  if (member !== undefined) return Object.freeze({ by: member as 'user' });
  return Object.freeze({ by: 'argument', pointer: pointerOfPath(text) });
}
