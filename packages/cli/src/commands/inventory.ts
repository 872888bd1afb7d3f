import { excerpt } from '@callgate/canonical';
import {
  FLAGS,
  SEVERITIES,
  createConnector,
  takeInventory,
  type FlagSeverity,
  type GovernedServer,
  type Inventory,
} from '@callgate/registry';
import { loadPolicy } from 'callgate';

import { didYouMean } from '../arguments/nearest-word.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { PLATFORMS, scannedSystem } from '../inventory/scanned-system.ts';
import { inventorySarif } from '../output/inventory-sarif.ts';
import { printInventory } from '../output/inventory-text.ts';
import { printableJson } from '../output/printable.ts';

type InventoryFormat = 'pretty' | 'json' | 'sarif';

/** `callgate inventory`: which MCP servers are configured here, and what is wrong with how? */
export const inventoryCommand: CommandSpec<InventoryFormat> = {
  name: 'inventory',
  summary: 'find the MCP servers that hosts are configured with',
  usage: '[project…]',
  description: [
    'Looks into the configuration files of the usual hosts (Claude, Cursor, VS Code, Codex and others) for one user, for project folders and for the machine, and reports every server with how it is reached and authenticated to, a suggested ring, and findings such as secrets in the file and packages that are not pinned. Secrets are never printed.',
    'Nothing is started or contacted unless `--connect` is given. Hosts, paths and findings are in docs/reference/inventory.md.',
  ],
  options: {
    home: {
      kind: 'text',
      placeholder: 'folder',
      multiple: true,
      description: 'look into this home folder, for instance a copy of one, instead of your own and the machine',
    },
    root: {
      kind: 'text',
      placeholder: 'folder',
      description: 'look into the file system below this folder: homes, projects that they name, files of the machine',
    },
    'projects-only': {
      kind: 'flag',
      description: 'look into the project folders only: those named, else the working directory',
    },
    platform: {
      kind: 'text',
      placeholder: 'name',
      choices: PLATFORMS,
      description: 'the system that the files are of; default: this one',
    },
    policy: { kind: 'text', placeholder: 'file', description: 'say which servers this policy governs' },
    connect: {
      kind: 'flag',
      description: 'start or contact every enabled server, as its host would, and ask it for its tools',
    },
    ignore: {
      kind: 'text',
      placeholder: 'id',
      multiple: true,
      description: 'neither report nor count findings with this id',
    },
    'fail-on': {
      kind: 'text',
      placeholder: 'severity',
      choices: [...SEVERITIES, 'never'],
      description: 'exit with 1 for findings of this severity or above; default: error',
    },
  },
  positionals: [0, Number.POSITIVE_INFINITY],
  examples: [
    { command: 'callgate inventory', says: 'what is configured on this machine' },
    { command: 'callgate inventory --policy callgate.yaml', says: 'and which of it the policy governs' },
    { command: 'callgate inventory --connect .', says: 'with the tools of every server: starts them' },
    { command: 'callgate inventory --platform macos --home copies/anna', says: 'a copy of the home of someone else' },
    {
      command: 'callgate inventory --projects-only --format sarif > inventory.sarif',
      says: 'for code scanning of a checkout',
    },
  ],
  formats: ['pretty', 'json', 'sarif'],
  exits: {
    0: 'no finding of the severity of `--fail-on` or above',
    1: 'one or more',
    2: 'usage, or the policy does not load',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<InventoryFormat>): Promise<ExitCode> {
  const { io } = context;
  const ignored = ignoredIds(invocation);
  const governed = await governedServers(invocation.text('policy'));
  const aborter = new AbortController();
  const release = io.onInterrupt(() => aborter.abort(new UsageError('inventory', 'interrupted')));
  try {
    const taken = await takeInventory({
      ...(await scannedSystem(invocation, io)),
      governed,
      connect: invocation.flag('connect') ? createConnector({ environment: io.env }) : undefined,
      signal: aborter.signal,
    });
    const inventory = { ...taken, findings: taken.findings.filter(({ id }) => !ignored.has(id)) };
    const code = exitCodeOf(inventory, invocation.text('fail-on') ?? 'error');
    print(inventory, code, context);
    return code;
  } finally {
    release();
  }
}

function print(inventory: Inventory, code: ExitCode, context: CommandContext<InventoryFormat>): void {
  const { format, io, out } = context;
  switch (format) {
    case 'pretty':
      printInventory(inventory, context);
      break;
    case 'json':
      out.printLine(printableJson(JSON.stringify({ ok: code === EXIT.fine, ...inventory }), out.isTerminal));
      break;
    case 'sarif':
      out.printLine(printableJson(inventorySarif(inventory, io.env), out.isTerminal));
      break;
  }
}

function ignoredIds(invocation: Invocation): ReadonlySet<string> {
  const ignored = invocation.texts('ignore');
  const unknown = ignored.find((id) => !Object.hasOwn(FLAGS, id));
  if (unknown !== undefined) {
    const guess = didYouMean(unknown, Object.keys(FLAGS));
    throw new UsageError(
      'inventory',
      `expected \`--ignore\` with the id of a finding, got \`${excerpt(unknown)}\`${guess}`,
    );
  }
  return new Set(ignored);
}

async function governedServers(file: string | undefined): Promise<readonly GovernedServer[] | undefined> {
  if (file === undefined) return undefined;
  const { document } = await loadPolicy(file);
  return Object.entries(document.servers).map(([name, { identity }]) => ({ name, identity: identity ?? null }));
}

function exitCodeOf({ findings }: Inventory, failOn: string): ExitCode {
  const least = SEVERITIES.findIndex((severity) => severity === failOn);
  const fails = (severity: FlagSeverity): boolean => least >= 0 && SEVERITIES.indexOf(severity) >= least;
  return findings.some(({ severity }) => fails(severity)) ? EXIT.findings : EXIT.fine;
}
