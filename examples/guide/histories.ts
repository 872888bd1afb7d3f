/** How a host keeps the history of its calls, and looks at it. */
import { createGate, type CompiledPolicy, type Gate } from 'callgate';

/** A gate whose budgets and breakers outlast it. */
export function createRememberingGate(policy: CompiledPolicy, folder: string): Promise<Gate> {
  // #region keep
  return createGate({
    policy,
    ledger: folder, // the history is kept in it, as history.json
    history: { environment: 'production' },
  });
  // #endregion
}

/** Tells an operator which control said no. */
export function watchControls(gate: Gate, log: (line: string) => void): void {
  // #region watch
  gate.on('breaker-opened', ({ control, request }) => log(`breaker ${control} opened by ${request}`));
  gate.on('breaker-closed', ({ control }) => log(`breaker ${control} closed`));
  gate.on('call-denied', ({ run, target, code, rules }) => log(`${run}: ${target} ${code} ${JSON.stringify(rules)}`));
  gate.on('call-held', ({ run, target, code, rules }) => log(`${run}: ${target} ${code} ${JSON.stringify(rules)}`));
  gate.on('history-failed', ({ error }) => log(`the history is not on disk: ${String(error)}`));
  // #endregion
}

// #region operate
/** Each breaker that is open, by its id and what it is open for. */
export function openBreakers(gate: Gate): string[] {
  return gate.history.inspect().flatMap(({ id, per, fullest }) =>
    fullest
      .filter(({ state }) => state === 'open')
      .map(({ key, until }) => {
        const what = key.map((part, index) => `${per[index]} ${part}`).join(', ');
        return `${id}: ${what}, until ${new Date(Number(until)).toISOString()}`;
      }),
  );
}

/** A person looked at what the run has read, and lets it send. The record of who and why comes first. */
export async function letSend(gate: Gate, run: string, by: string): Promise<void> {
  await gate.history.release({ run, labels: ['private'], by, reason: 'the notes were about nobody' });
}
// #endregion
