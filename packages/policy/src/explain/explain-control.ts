import type { PolicyLocation, Stage } from '../decision.ts';
import type { Control, ControlCode, ControlVerdict } from '../history/control.ts';
import type { HistoryView } from '../history/history-view.ts';

/** A control over many calls that has something to say of this one, and how far it has come. */
export interface ExplainedControl {
  /** Of what a tool asks for itself: its place in the policy document. */
  readonly id: string;
  /** JSON pointer into the policy document. */
  readonly rule: string;
  readonly location?: PolicyLocation;
  readonly kind: Control['kind'];
  readonly stage: Stage;
  /** `allow`: the call goes over a soft limit. `error`: it could not be judged, and so denies. */
  readonly effect: ControlVerdict['effect'];
  readonly code?: ControlCode;
  /** How far it has come, in words. */
  readonly state: string;
  readonly hints: readonly string[];
  /** Milliseconds until the same call could pass this control, where waiting helps. */
  readonly retryAfterMs?: number;
  readonly used?: number;
  readonly max?: number;
  readonly message?: string;
  readonly approvers: readonly string[];
}

/** A history that is asked as usual, and what it answers. Each control is asked once for each call in a message. */
export class ObservedHistory implements HistoryView {
  readonly #history: HistoryView;
  readonly #controls: ExplainedControl[] = [];

  constructor(history: HistoryView) {
    this.#history = history;
  }

  /** What was answered besides plain allows, by id. */
  get controls(): readonly ExplainedControl[] {
    return Object.freeze(this.#controls.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
  }

  readonly judge: HistoryView['judge'] = (control, call) => {
    const verdict = this.#history.judge(control, call);
    const explained = explainControl(control, verdict);
    if (explained !== undefined) this.#controls.push(explained);
    return verdict;
  };
}

function explainControl(control: Control, verdict: ControlVerdict): ExplainedControl | undefined {
  const { id, kind, stage, message, approvers = NONE } = control;
  const [{ rule, location }] = control.references;
  const about = {
    id,
    rule,
    ...(location === undefined ? {} : { location }),
    kind,
    stage,
    ...(message === undefined ? {} : { message }),
    approvers,
  };
  switch (verdict.effect) {
    case 'allow':
      return 'soft' in verdict ? Object.freeze({ ...about, effect: 'allow', ...told(verdict.soft) }) : undefined;
    case 'error':
      return Object.freeze({ ...about, effect: 'error', state: verdict.message, hints: NONE });
    case 'deny':
    case 'hold': {
      const { effect, code, notice } = verdict;
      return Object.freeze({ ...about, effect, code, ...told(notice) });
    }
  }
}

const NONE: readonly never[] = Object.freeze([]);

type Notice = Extract<ControlVerdict, { effect: 'deny' | 'hold' }>['notice'];

function told({
  message,
  hints,
  retryAfterMs,
  used,
  max,
}: Notice): Pick<ExplainedControl, 'state' | 'hints' | 'retryAfterMs' | 'used' | 'max'> {
  return {
    state: message,
    hints,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(used === undefined ? {} : { used }),
    ...(max === undefined ? {} : { max }),
  };
}
