import type { Digest } from '@callgate/canonical';

import type { ExceptionRegister, ExceptionRuntime } from './exception.ts';

/** A register, with its exceptions by server and tool. */
export class RegisterRuntime implements ExceptionRegister {
  readonly file: string | null;
  readonly digest: Digest;
  readonly exceptions: readonly ExceptionRuntime[];
  readonly #byTool: ReadonlyMap<string, readonly ExceptionRuntime[]>;

  constructor(file: string | null, digest: Digest, exceptions: readonly ExceptionRuntime[]) {
    this.file = file;
    this.digest = digest;
    this.exceptions = Object.freeze(exceptions.toSorted((left, right) => (left.id < right.id ? -1 : 1)));
    const byTool = new Map<string, ExceptionRuntime[]>();
    for (const exception of this.exceptions) {
      const key = keyOf(exception.document.server, exception.document.tool);
      const list = byTool.get(key);
      if (list === undefined) byTool.set(key, [exception]);
      else list.push(exception);
    }
    this.#byTool = byTool;
    Object.freeze(this);
  }

  /** The exceptions for a tool, expired ones included. */
  of(server: string, tool: string): readonly ExceptionRuntime[] {
    return this.#byTool.get(keyOf(server, tool)) ?? NONE;
  }
}

const NONE: readonly never[] = Object.freeze([]);

function keyOf(server: string, tool: string): string {
  return `${server}\n${tool}`;
}

/** @throws {TypeError} when `register` was not made by `compileExceptions` or `parseExceptions` */
export function registerOf(register: ExceptionRegister): RegisterRuntime {
  if (register instanceof RegisterRuntime) return register;
  throw new TypeError('exceptions: expected a register, from parseExceptions or compileExceptions');
}
