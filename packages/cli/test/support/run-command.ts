import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { COMMANDS } from '../../src/command-table.ts';
import type { CommandSpec } from '../../src/command.ts';
import type { CommandIo, ExitCode, OutputStream } from '../../src/index.ts';
import { runOneOf } from '../../src/run.ts';

/** What a command left behind. */
export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** The world of a command, where a test wants it otherwise. */
export interface World {
  readonly stdin?: string | Iterable<Uint8Array | string>;
  readonly stdinIsTerminal?: boolean;
  readonly stdoutIsTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Writes to standard output that succeed before the reader goes away. */
  readonly readerLeavesAfter?: number;
  /** The commands that there are; default: all. */
  readonly commands?: readonly CommandSpec[];
  /** Is given the interrupt. */
  readonly onInterrupt?: (interrupt: () => void) => void;
}

/** Runs a command line in this process, with streams in memory. */
export async function runCommand(argv: readonly string[], world: World = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    stdin: chunks(world.stdin ?? ''),
    stdinIsTerminal: world.stdinIsTerminal ?? false,
    stdout: memoryStream(out, world.stdoutIsTerminal ?? false, world.readerLeavesAfter),
    stderr: memoryStream(err, false),
    env: world.env ?? {},
    onInterrupt: (listener) => {
      world.onInterrupt?.(listener);
      return () => {};
    },
  };
  const code = await runOneOf(world.commands ?? COMMANDS, argv, io);
  return { code, out: out.join(''), err: err.join('') };
}

async function* chunks(input: string | Iterable<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  if (typeof input === 'string') yield new TextEncoder().encode(input);
  else yield* input;
}

function memoryStream(written: string[], isTTY: boolean, leavesAfter = Number.POSITIVE_INFINITY): OutputStream {
  let writes = 0;
  return {
    isTTY,
    write: (text, callback) => {
      writes += 1;
      if (writes > leavesAfter) {
        queueMicrotask(() => callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })));
        return false;
      }
      written.push(text);
      queueMicrotask(() => callback());
      return true;
    },
    on: () => undefined,
  };
}

/** A folder for the files of one test file; removed by `clean`. */
export function createFolder(): { readonly path: string; write(name: string, text: string): string; clean(): void } {
  const path = mkdtempSync(join(tmpdir(), 'callgate-cli-'));
  return {
    path,
    write: (name, text) => {
      const file = join(path, name);
      writeFileSync(file, text);
      return file;
    },
    clean: () => rmSync(path, { recursive: true, force: true }),
  };
}
