import { setTimeout } from 'node:timers/promises';

/** What a tool of the test servers needs of its SDK. */
export interface ToolContext {
  readonly signal: AbortSignal;
  /** Sends a progress notification for the call, if it has a token. */
  readonly progress: (progress: number) => Promise<void>;
  /** Where the server writes down what happens to it. */
  readonly log: string[];
  /**
   * Milliseconds between a progress notification and the result. SDK clients drop a notification that reaches them in
   * one read with the result, which over a pipe is a matter of chance.
   */
  readonly pauseMs: number;
}

/** The tools of the test servers, as they list them. */
export const TOOLS: { name: string; description: string; inputSchema: { type: 'object' } }[] = [
  { name: 'echo', description: 'Answers with its arguments.', inputSchema: { type: 'object' } },
  { name: 'fail', description: 'Answers with an error result.', inputSchema: { type: 'object' } },
  {
    name: 'wait',
    description: 'Reports progress once and waits until it is cancelled.',
    inputSchema: { type: 'object' },
  },
  { name: 'transcript', description: 'Answers with all that the server wrote down.', inputSchema: { type: 'object' } },
];

/** Runs one of them. */
export async function runTool(
  {
    name,
    arguments: parameters = {},
  }: { readonly name: string; readonly arguments?: Record<string, unknown> | undefined },
  { signal, progress, log, pauseMs }: ToolContext,
): Promise<{ content: { type: 'text'; text: string }[]; isError?: boolean }> {
  const text = (value: unknown) => [{ type: 'text' as const, text: JSON.stringify(value) }];
  switch (name) {
    case 'echo':
      await progress(1);
      if (pauseMs > 0) await setTimeout(pauseMs);
      return { content: text(parameters) };
    case 'fail':
      return { content: text('failed'), isError: true };
    case 'wait':
      await progress(1);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
      log.push('wait was cancelled');
      return { content: [] };
    case 'transcript':
      return { content: text(log) };
    default:
      throw Object.assign(new Error(`no tool named ${name}`), { code: -32602 });
  }
}
