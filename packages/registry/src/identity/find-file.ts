import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

import { isDigest, type Digest } from '@callgate/canonical';

/** Environment variables, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_TEXT_BYTES = 64 * 1024 * 1024;

/** The file that a command starts, as a shell finds it; undefined where there is none. */
export async function findExecutable(command: string, cwd: string, env: Environment): Promise<string | undefined> {
  if (command.includes('/') || isAbsolute(command)) return isFile(resolve(cwd, command));
  const suffixes = ['', ...(env['PATHEXT'] ?? '').split(';').filter((suffix) => suffix !== '')];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    for (const suffix of suffixes) {
      const found = folder === '' ? undefined : await isFile(join(folder, `${command}${suffix}`), constants.X_OK);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The path itself where it is a file. */
export async function isFile(path: string, mode: number = constants.R_OK): Promise<string | undefined> {
  try {
    await access(path, mode);
    return (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The digest of a file's bytes; undefined where it cannot be read. */
export async function fileDigest(path: string): Promise<Digest | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch {
    return undefined;
  }
  const text = `sha256:${hash.digest('hex')}`;
  return isDigest(text) ? text : undefined;
}

/** The text of a file of at most 64 MiB; undefined where it cannot be read. */
export async function fileText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > MAX_TEXT_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A member of a JSON file, by a path of names; undefined where there is none. */
export async function jsonMember(path: string, names: readonly string[]): Promise<unknown> {
  const text = await fileText(path);
  if (text === undefined) return undefined;
  try {
    return names.reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      JSON.parse(text),
    );
  } catch {
    return undefined;
  }
}
