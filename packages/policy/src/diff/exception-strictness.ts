import type { Instant } from '@callgate/canonical';

import { provesObjectWithin } from '../compare/prove-within.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { isWhoWithin } from '../compare/who-within.ts';
import type { ExceptionRuntime } from '../exceptions/exception.ts';
import type { Doubt } from './entry-strictness.ts';

/** Proves that, from a time on, an exception lifts nothing that another does not lift at the same time. Undefined: there is none. */
export function doubtLessLifted(
  exception: ExceptionRuntime | undefined,
  than: ExceptionRuntime | undefined,
  at: Instant,
  texts: TextSearcher,
): Doubt {
  if (exception === undefined || exception.expires <= at) return undefined;
  if (than === undefined || than.expires <= at) return 'no call was found for which it makes a difference';
  const [one, other] = [exception.document, than.document];
  if (one.server !== other.server || one.tool !== other.tool) return 'it is about another tool';
  const begins = Math.max(exception.created, at);
  if (begins < Math.max(than.created, at) || exception.expires > than.expires) return 'it is in force at other times';
  if (!isWhoWithin(one.who, other.who)) return 'it is for other principals';
  const isWaived = [...exception.waivedRules].every((id) => than.waivedRules.has(id));
  if (!isWaived || (exception.waivesApproval && !than.waivesApproval)) return 'it waives something else';
  const [inner, outer] = [exception.envelope, than.envelope];
  if (inner === undefined && outer === undefined) return undefined;
  const isInside = inner !== undefined && outer !== undefined && provesObjectWithin(inner, outer, texts);
  return isInside ? undefined : 'its arguments were neither proved to lie inside the others nor found outside';
}
