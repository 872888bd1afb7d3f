import { appendPointer, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { InspectionContext, ValueFinding } from './rules.ts';

type Report = (finding: ValueFinding) => void;

/** Checks the result of a tool, wherever in its message it is, and puts back what is left of it. Other messages pass. */
export function checkResult(
  message: JsonValue,
  { tool }: InspectionContext,
  report: Report,
  check: (result: JsonValue, report: Report) => JsonValue,
): JsonValue {
  if (tool === undefined) return message;
  const { member } = tool;
  if (member === undefined) return check(message, report);
  const result = isJsonObject(message) ? own(message, member) : undefined;
  if (result === undefined || !isJsonObject(message)) return message;
  const around = appendPointer('', member);
  const left = check(result, (finding) => report({ ...finding, pointer: `${around}${finding.pointer}` }));
  return left === result ? message : { ...message, [member]: left };
}
