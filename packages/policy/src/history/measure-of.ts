import type { MeterDocument } from '../document/control-types.ts';
import { pointerOfPath } from '../document/units.ts';
import { keyPartOf } from './key-part-of.ts';
import type { Measure } from './control.ts';

/** What a meter measures. Its texts have been checked. */
export function measureOf({ count, sum }: Pick<MeterDocument, 'count' | 'sum'>): Measure {
  switch (sum) {
    case 'cost':
    case 'bytes':
    case 'rows':
    case 'tokens':
      return Object.freeze({ of: sum });
    case undefined:
      break;
    default:
      return Object.freeze({ of: 'argument', pointer: pointerOfPath(sum) });
  }
  switch (count) {
    case 'failures':
    case 'denials':
    case 'open':
      return Object.freeze({ of: count });
    case 'calls':
    case undefined:
      return Object.freeze({ of: 'calls' });
    default:
      return Object.freeze({ of: 'distinct', value: keyPartOf(count.slice('distinct '.length)) });
  }
}
