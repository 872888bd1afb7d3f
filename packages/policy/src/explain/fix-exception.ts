import type { TextSearcher } from '../compare/text-search.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { acceptsObject } from '../envelope/value-check.ts';
import type { ExceptionRuntime } from '../exceptions/exception.ts';
import { admittedByAll } from './fix-principal.ts';
import type { JudgedCall } from './judged-call.ts';
import { repairObject } from './repair.ts';
import { withArguments, withFact, type Situation } from './situation.ts';

/** The exceptions of the register that are about the tool called, whatever their state. */
export function exceptionsFor(policy: PolicyRuntime, { server, tool }: JudgedCall): readonly ExceptionRuntime[] {
  return tool === undefined ? [] : (policy.exceptions?.of(server.name, tool) ?? []);
}

/** Situations in which an exception that lifts something applies; not those in which it has expired. */
export function excepted(
  policy: PolicyRuntime,
  situation: Situation,
  judged: JudgedCall,
  texts: TextSearcher,
  lifts: (exception: ExceptionRuntime) => boolean,
): readonly Situation[] {
  return exceptionsFor(policy, judged)
    .filter(lifts)
    .flatMap((exception) => fitted(exception, situation, judged, texts));
}

function fitted(
  exception: ExceptionRuntime,
  situation: Situation,
  judged: JudgedCall,
  texts: TextSearcher,
): readonly Situation[] {
  const { now } = situation;
  if (now === undefined || now >= exception.expires) return [];
  const { envelope } = exception;
  const isFitting = envelope === undefined || acceptsObject(envelope, judged.args);
  const args = isFitting ? judged.args : repairObject(envelope, judged.args, texts);
  if (args === undefined) return [];
  const inTime = now < exception.created ? withFact(situation, 'now', exception.created) : situation;
  const asAdmitted = admittedByAll(inTime, exception.who, exception.document.who);
  return [args === judged.args && judged.isObject ? asAdmitted : withArguments(asAdmitted, args)];
}
