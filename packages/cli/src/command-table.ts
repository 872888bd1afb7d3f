import type { CommandSpec } from './command.ts';
import { argumentsCommand } from './commands/arguments.ts';
import { bundleCosignCommand } from './commands/bundle-cosign.ts';
import { bundleKeygenCommand } from './commands/bundle-keygen.ts';
import { bundleShowCommand } from './commands/bundle-show.ts';
import { bundleSignCommand } from './commands/bundle-sign.ts';
import { bundleVerifyCommand } from './commands/bundle-verify.ts';
import { checkCommand } from './commands/check.ts';
import { costCommand } from './commands/cost.ts';
import { decideCommand } from './commands/decide.ts';
import { exceptionsLintCommand, exceptionsListCommand } from './commands/exceptions.ts';
import { definitionsCommand } from './commands/definitions.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { inspectCommand } from './commands/inspect.ts';
import { initCommand } from './commands/init.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { ledgerShowCommand } from './commands/ledger-show.ts';
import { ledgerTailCommand } from './commands/ledger-tail.ts';
import { ledgerVerifyCommand } from './commands/ledger-verify.ts';
import { lockApproveCommand } from './commands/lock-approve.ts';
import { lockDiffCommand } from './commands/lock-diff.ts';
import { lockRevokeCommand } from './commands/lock-revoke.ts';
import { lockVerifyCommand } from './commands/lock-verify.ts';
import { lockCommand } from './commands/lock.ts';
import { quarantineKeygenCommand } from './commands/quarantine-keygen.ts';
import { quarantineListCommand } from './commands/quarantine-list.ts';
import { quarantinePurgeCommand } from './commands/quarantine-purge.ts';
import { quarantineReleaseCommand } from './commands/quarantine-release.ts';
import { quarantineShowCommand } from './commands/quarantine-show.ts';
import { recordCommand } from './commands/record.ts';
import { replayCommand } from './commands/replay.ts';
import { runListCommand } from './commands/run-list.ts';
import { runShowCommand } from './commands/run-show.ts';
import { schemaCommand } from './commands/schema.ts';
import { suggestCommand } from './commands/suggest.ts';
import { testCommand } from './commands/test.ts';
import { traceExportCommand } from './commands/trace-export.ts';
import { traceInfoCommand } from './commands/trace-info.ts';
import { traceKeygenCommand } from './commands/trace-keygen.ts';

/** Every command, in the order of help. */
export const COMMANDS: readonly CommandSpec[] = [
  initCommand,
  checkCommand,
  testCommand,
  explainCommand,
  decideCommand,
  exceptionsListCommand,
  exceptionsLintCommand,
  recordCommand,
  replayCommand,
  suggestCommand,
  argumentsCommand,
  inspectCommand,
  definitionsCommand,
  diffCommand,
  lockCommand,
  lockDiffCommand,
  lockApproveCommand,
  lockRevokeCommand,
  lockVerifyCommand,
  schemaCommand,
  bundleKeygenCommand,
  bundleSignCommand,
  bundleCosignCommand,
  bundleVerifyCommand,
  bundleShowCommand,
  inventoryCommand,
  ledgerVerifyCommand,
  ledgerShowCommand,
  ledgerTailCommand,
  runListCommand,
  runShowCommand,
  costCommand,
  quarantineKeygenCommand,
  quarantineListCommand,
  quarantineShowCommand,
  quarantineReleaseCommand,
  quarantinePurgeCommand,
  traceKeygenCommand,
  traceInfoCommand,
  traceExportCommand,
];
