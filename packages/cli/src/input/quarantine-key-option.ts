import type { CommandIo } from '../command-io.ts';
import type { Invocation, OptionSpec } from '../command.ts';
import { keyTextFrom } from './key-text.ts';

/** Where a quarantine's key comes from where no file is named. */
const QUARANTINE_KEY_VARIABLE = 'CALLGATE_QUARANTINE_KEY';

export const QUARANTINE_KEY_OPTION: OptionSpec = {
  kind: 'text',
  short: 'k',
  placeholder: 'file',
  description: `the file with the key of the quarantine (default: the key in \`${QUARANTINE_KEY_VARIABLE}\`)`,
};

/** The text of a quarantine's key; see {@link keyTextFrom}. */
export function quarantineKeyText(command: string, invocation: Invocation, io: CommandIo): Promise<string> {
  return keyTextFrom(QUARANTINE_KEY_VARIABLE, command, invocation, io);
}
