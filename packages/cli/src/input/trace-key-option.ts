import type { CommandIo } from '../command-io.ts';
import type { Invocation, OptionSpec } from '../command.ts';
import { keyTextFrom } from './key-text.ts';

/** Where a trace's key comes from where no file is named. */
export const TRACE_KEY_VARIABLE = 'CALLGATE_TRACE_KEY';

export const TRACE_KEY_OPTION: OptionSpec = {
  kind: 'text',
  short: 'k',
  placeholder: 'file',
  description: `the file with the key of the trace (default: the key in \`${TRACE_KEY_VARIABLE}\`)`,
};

/** The text of a trace's key; see {@link keyTextFrom}. */
export function traceKeyText(command: string, invocation: Invocation, io: CommandIo): Promise<string> {
  return keyTextFrom(TRACE_KEY_VARIABLE, command, invocation, io);
}
