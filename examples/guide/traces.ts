/** How a host records the calls that cross its gate, and how somebody with the key reads them. */
import { readFile } from 'node:fs/promises';

import { createGate, openTrace, type CompiledPolicy, type Gate } from 'callgate';

export async function createTracedGate(policy: CompiledPolicy, traces: string, publicKeyFile: string): Promise<Gate> {
  // #region record
  return createGate({
    policy,
    trace: { file: traces, key: await readFile(publicKeyFile, 'utf8') },
  });
  // #endregion
}

export async function methodsIn(file: string, secretKeyFile: string): Promise<string[]> {
  const methods: string[] = [];
  // #region read
  const trace = await openTrace(file, { key: await readFile(secretKeyFile, 'utf8') });
  for await (const record of trace) {
    if (record.kind === 'call') methods.push(record.method);
  }
  // #endregion
  return methods;
}
