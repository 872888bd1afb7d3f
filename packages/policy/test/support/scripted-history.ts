import type { Control, ControlledCall, ControlVerdict, HistoryView } from '../../src/index.ts';

/** A history that says of each control what a script says, by its id, and keeps what it was asked. */
export class ScriptedHistory implements HistoryView {
  readonly asked: { readonly control: Control; readonly call: ControlledCall }[] = [];
  readonly #script: Readonly<Record<string, ControlVerdict>>;

  constructor(script: Readonly<Record<string, ControlVerdict>> = {}) {
    this.#script = script;
  }

  get ids(): readonly string[] {
    return this.asked.map(({ control }) => control.id);
  }

  judge(control: Control, call: ControlledCall): ControlVerdict {
    this.asked.push({ control, call });
    return this.#script[control.id] ?? { effect: 'allow' };
  }
}
