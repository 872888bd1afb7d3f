/** How a host keeps a trace, and how a program reads one. */
import { createGate, openTrace, type CompiledPolicy, type Gate } from 'callgate';

export function createTracedGate(policy: CompiledPolicy, folder: string, publicKey: string): Promise<Gate> {
  // #region record
  return createGate({
    policy,
    trace: { file: folder, key: publicKey },
  });
  // #endregion
}

// #region read
/** The tools that were called, and whether the trace is whole. */
export async function toolsCalled(
  file: string,
  secretKey: string,
): Promise<{ readonly tools: readonly unknown[]; readonly ending: string | undefined }> {
  const trace = await openTrace(file, { key: secretKey });
  const tools: unknown[] = [];
  for await (const record of trace) {
    if (record.kind === 'call' && record.method === 'tools/call') tools.push(record.params?.['name']);
  }
  return { tools, ending: trace.ending?.kind };
}
// #endregion
