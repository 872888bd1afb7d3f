export type { CommandIo, OutputStream } from './command-io.ts';
export { InputError, OutputError, UsageError, type CommandErrorCode } from './errors.ts';
export { EXIT, type ExitCode } from './exit-codes.ts';
export { run } from './run.ts';
