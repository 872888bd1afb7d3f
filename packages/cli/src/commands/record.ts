import { randomUUID } from 'node:crypto';

import { parseSize } from '@callgate/policy';
import { createGate, loadPolicy, type CompiledPolicy, type Gate } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { principalOf, PRINCIPAL_OPTIONS } from '../input/call-source.ts';
import { exceptionsOption, POLICY_CONTEXT_OPTIONS } from '../input/policy-context.ts';
import { TRACE_KEY_OPTION, traceKeyText } from '../input/trace-key-option.ts';
import { printable } from '../output/printable.ts';
import { plural } from '../output/words.ts';
import { allowEverything } from '../record/allow-everything.ts';
import { bridgeClient, type BridgeEnd } from '../record/client-bridge.ts';
import { ProcessTransport } from '../record/process-transport.ts';

/** `callgate record`: a stdio server behind a gate that traces. */
export const recordCommand: CommandSpec<'pretty'> = {
  name: 'record',
  summary: 'run a stdio server behind a gate, and trace what passes',
  usage: '--out <file> --key-file <file> --server <name> [--policy <file>] -- <command> [<argument>…]',
  description: [
    'Starts the server, and is a stdio MCP server itself: put it where a client’s configuration has the server’s command. Every message passes a gate, and the trace holds it in full, sealed with the key: a public key is enough.',
    'Without `--policy` nothing is held back: everything is let through and traced. With one, it is enforced.',
    'Ends when the client or the server does, or at an interrupt. What is traced by then can be read, whatever ends it.',
  ],
  options: {
    out: {
      kind: 'text',
      short: 'o',
      placeholder: 'file',
      description: 'the trace: a new file, or a folder for one of its own name',
    },
    'key-file': TRACE_KEY_OPTION,
    server: { kind: 'text', short: 's', placeholder: 'name', description: 'the server’s name, as policies have it' },
    policy: { kind: 'text', short: 'p', placeholder: 'file', description: 'the policy to enforce meanwhile' },
    exceptions: POLICY_CONTEXT_OPTIONS.exceptions,
    ledger: { kind: 'text', placeholder: 'folder', description: 'also keep a ledger of records there' },
    'max-bytes': { kind: 'text', placeholder: 'size', description: 'the most that the trace may hold (default 1GiB)' },
    'no-results': { kind: 'flag', description: 'trace calls, and not what the server answers' },
    ...PRINCIPAL_OPTIONS,
  },
  positionals: [1, Number.POSITIVE_INFINITY],
  examples: [
    {
      command: 'callgate record -o traces -k trace.pub -s files -- npx -y @modelcontextprotocol/server-filesystem .',
      says: 'as the command of an MCP server, in a client’s configuration',
    },
    {
      command: 'callgate record -o s.cgtrace -k trace.pub -s files -p callgate.yaml -- node server.js',
      says: 'with a policy in force',
    },
  ],
  formats: ['pretty'],
  exits: {
    0: 'the client left, or an interrupt ended it',
    1: 'the server ended by itself, or the trace is not whole',
    2: 'a file cannot be read or made, the server cannot be started or policy refuses it, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty'>): Promise<ExitCode> {
  const [command = '', ...args] = invocation.positionals;
  const server = requiredOption(invocation, 'server');
  const policy = await policyOf(invocation, server);
  const process = new ProcessTransport(command, args);
  const gate = await createGate({
    policy,
    trace: {
      file: requiredOption(invocation, 'out'),
      key: await traceKeyText('record', invocation, context.io),
      results: !invocation.flag('no-results'),
      ...maxBytesOf(invocation),
    },
    ...ledgerOf(invocation),
  });
  const say = (text: string): void => {
    context.err.printLine(`callgate: ${text}`);
    context.err.flush().catch(() => {
      // Nobody reads what is said; the recording goes on.
    });
  };
  gate.on('trace-ended', ({ reason }) =>
    say(`the trace ended: ${reason === 'full' ? 'it reached `--max-bytes`' : 'it cannot be written'}; calls go on`),
  );
  gate.on('trace-dropped', () => say('calls are missing from the trace: writing cannot keep up'));
  const abort = new AbortController();
  const release = context.io.onInterrupt(() => abort.abort());
  let end: BridgeEnd;
  try {
    end = await bridge(gate, process, { server, invocation, context, signal: abort.signal });
  } finally {
    release();
    await gate.close();
  }
  return conclude(gate, end, process, say);
}

async function bridge(
  gate: Gate,
  process: ProcessTransport,
  about: {
    readonly server: string;
    readonly invocation: Invocation;
    readonly context: CommandContext;
    readonly signal: AbortSignal;
  },
): Promise<BridgeEnd> {
  const { server, invocation, context, signal } = about;
  const session = invocation.text('run') ?? `record-${randomUUID()}`;
  const transport = gate.wrap(() => process, { server, principal: principalOf(invocation), run: session });
  await transport.start();
  return bridgeClient(transport, { io: context.io, out: context.out, signal });
}

function conclude(gate: Gate, end: BridgeEnd, process: ProcessTransport, say: (text: string) => void): ExitCode {
  const { calls = 0, outcomes = 0, dropped = 0 } = gate.trace ?? {};
  const missing = dropped === 0 ? '' : `, ${plural(dropped, 'record')} missing`;
  say(`traced ${plural(calls, 'message')} and ${plural(outcomes, 'answer')}${missing}`);
  if (end === 'server-left') say(`the server ended by itself (${printable(process.exit ?? 'unknown')})`);
  return end === 'server-left' || dropped > 0 ? EXIT.findings : EXIT.fine;
}

function requiredOption(invocation: Invocation, name: string): string {
  const value = invocation.text(name);
  if (value === undefined || value === '') throw new UsageError('record', `expected \`--${name}\``);
  return value;
}

async function policyOf(invocation: Invocation, server: string): Promise<CompiledPolicy> {
  const path = invocation.text('policy');
  if (path === undefined) return allowEverything(server);
  const policy = await loadPolicy(path, exceptionsOption(invocation));
  if (policy.servers.has(server)) return policy;
  throw new UsageError('record', 'expected `--server` to be the name of a server of the policy');
}

function maxBytesOf(invocation: Invocation): { readonly maxBytes?: number } {
  const text = invocation.text('max-bytes');
  if (text === undefined) return {};
  const maxBytes = parseSize(text);
  if (maxBytes === undefined) throw new UsageError('record', 'expected `--max-bytes` to be a size such as 64MiB');
  return { maxBytes };
}

function ledgerOf(invocation: Invocation): { readonly ledger?: string } {
  const ledger = invocation.text('ledger');
  return ledger === undefined ? {} : { ledger };
}
