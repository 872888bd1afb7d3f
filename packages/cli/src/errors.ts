import { CallgateError } from '@callgate/canonical';

/** Codes of the errors a command ends with. */
export type CommandErrorCode = 'CALLGATE_CLI_USAGE' | 'CALLGATE_CLI_INPUT' | 'CALLGATE_CLI_OUTPUT';

/** The command line cannot be understood. Ends the command with exit code 2 and a pointer to its help. */
export class UsageError extends CallgateError {
  readonly code = 'CALLGATE_CLI_USAGE';
  /** The command whose help to look at, null for the program's. */
  readonly command: string | null;

  constructor(command: string | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.command = command;
  }
}

/** A file, a line or an argument does not hold what the command needs. Exit code 2 where it ends the command. */
export class InputError extends CallgateError {
  readonly code = 'CALLGATE_CLI_INPUT';
}

/** Output could not be written. */
export class OutputError extends CallgateError {
  readonly code = 'CALLGATE_CLI_OUTPUT';
  /** The reader went away (`callgate … | head`): not a failure of anything. */
  readonly isClosed: boolean;

  constructor(isClosed: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.isClosed = isClosed;
  }
}
