import { resolve } from 'node:path';

import { commandFamily, packageSpec } from './command-family.ts';
import { fileDigest, findExecutable, isFile, type Environment } from './find-file.ts';
import type { CommandIdentity, UrlIdentity } from './identity.ts';
import { packageOfScript, resolveNpmPackage } from './npm-package.ts';

/** Where a command line is looked at. */
export interface ResolveOptions {
  /** The folder that the server is started in. */
  readonly cwd: string;
  readonly env: Environment;
  /** Also pin the bytes of interpreters and package runners, which differ from machine to machine; default false. */
  readonly pinsInterpreter?: boolean;
}

/**
 * Who the server of a command line is, as far as files say: nothing is started and nothing is fetched. What cannot be found is null, and
 * so not pinned.
 */
export async function resolveCommandIdentity(
  command: string,
  args: readonly string[],
  options: ResolveOptions,
): Promise<CommandIdentity> {
  const { cwd, env, pinsInterpreter = false } = options;
  const family = commandFamily(command, args);
  const executable = await findExecutable(command, cwd, env);
  const script = family === 'interpreter' ? await scriptOf(args, cwd) : undefined;
  const spec = family === 'npm-runner' ? packageSpec(command, args) : undefined;
  const isPinned = family === 'program' || pinsInterpreter;
  const program = family === 'program' ? executable : script;
  return {
    kind: 'command',
    command,
    args,
    executable: (executable !== undefined && isPinned ? await fileDigest(executable) : undefined) ?? null,
    script: (script === undefined ? undefined : await fileDigest(script)) ?? null,
    package:
      spec === undefined
        ? program === undefined
          ? null
          : await packageOfScript(program)
        : await resolveNpmPackage(spec, cwd, env),
  };
}

/** The first operand, where it is a file: options of interpreters that take a value are few, and a value is seldom a file. */
async function scriptOf(args: readonly string[], cwd: string): Promise<string | undefined> {
  for (const arg of args) {
    const found = arg.startsWith('-') ? undefined : await isFile(resolve(cwd, arg));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Who the server of a URL is.
 *
 * @throws {TypeError} when it is no URL of http or https
 */
export function urlIdentity(url: string, publicKeys: UrlIdentity['publicKeys'] = []): UrlIdentity {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/u.test(parsed.protocol)) throw new TypeError('url: expected http or https');
  return { kind: 'url', origin: parsed.origin, publicKeys };
}
