import type { ControlCode, ControlVerdict, MeterControl } from '@callgate/policy';

import { durationWords } from '../words.ts';

/** Of what there are so many, in words. */
function whatOf({ measure }: MeterControl): string {
  switch (measure.of) {
    case 'calls':
    case 'failures':
    case 'denials':
    case 'bytes':
    case 'rows':
    case 'tokens':
      return measure.of;
    case 'open':
      return 'calls under way';
    case 'cost':
      return 'units of cost';
    case 'argument':
      return `in all of \`${measure.pointer}\``;
    case 'distinct':
      return measure.value.by === 'argument'
        ? `distinct \`${measure.value.pointer}\``
        : `distinct ${measure.value.by}s`;
  }
}

function usage(control: MeterControl, used: number): string {
  const within = control.withinMs === undefined ? '' : ` within ${durationWords(control.withinMs)}`;
  return `${used} of ${control.max} ${whatOf(control)}${within} used`;
}

/** The verdict about a call that would go over. */
export function exceeded(
  control: MeterControl,
  code: Extract<ControlCode, 'meter.exceeded' | 'concurrency.exceeded'>,
  used: number,
  retryAfterMs: number | undefined,
): ControlVerdict {
  const hints = hintsOf(control, retryAfterMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return {
    effect: control.then,
    code,
    notice: { message: usage(control, used), hints, used, max: control.max, ...wait },
  };
}

function hintsOf({ max, measure }: MeterControl, retryAfterMs: number | undefined): readonly string[] {
  if (retryAfterMs !== undefined) return [`wait ${durationWords(retryAfterMs)} before you call it again`];
  if (max === 0) return ['do not call it'];
  if (measure.of === 'open') return ['wait until another call has ended'];
  return measure.of === 'distinct' ? ['go on with what you have already asked for'] : ['finish without it'];
}

/** The verdict about a call that goes ahead over the soft limit. */
export function nearlyExceeded(control: MeterControl, used: number): ControlVerdict {
  const hints = ['use what you have, and prefer fewer and cheaper calls'];
  return { effect: 'allow', soft: { message: usage(control, used), hints, used, max: control.max } };
}
