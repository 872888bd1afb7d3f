import { isAbsolute, resolve } from 'node:path';

import { isJsonObject, own } from '@callgate/canonical';
import type { CompiledPolicy } from '@callgate/policy';

import { GateError } from '../errors.ts';
import type { Interceptor, ValidationResult } from '../interceptors.ts';
import {
  callsIn,
  pathArguments,
  stepsOf,
  valuesAt,
  type PathArgument,
  type ToolCallArguments,
} from './path-arguments.ts';
import { isInside, resolveReal } from './resolve-real.ts';

/** Options of {@link createRealPathCheck}. */
export interface RealPathCheckOptions {
  /** The registered name of a server that runs on this host. */
  readonly server: string;
  /** The policy: its arguments of kind `path` on that server are checked, each by its own `roots` and `base`. */
  readonly policy?: CompiledPolicy;
  /** Without a policy: JSON pointers into the arguments of every tool of the server, `*` for every item or member. */
  readonly arguments?: readonly string[];
  /** Absolute folders of this host. Required without a policy; with one, in the place of the `roots` that it gives. */
  readonly roots?: readonly string[];
  /** The absolute folder from which the server resolves relative paths, where the policy gives none. */
  readonly base?: string;
  /** The name of the interceptor, default `callgate/real-path:` and the server's name. */
  readonly name?: string;
}

/** A place in the arguments of a tool, and the folders of this host that a path there must stay in. */
interface Check {
  readonly argument: Pick<PathArgument, 'steps'>;
  readonly roots: readonly string[];
  readonly base: string | undefined;
}

const MAX_PATHS = 1000;
const MAX_PATH_LENGTH = 8192;

/**
 * An interceptor that follows links: refuses calls with a path that leads out of the roots once every link in it is followed.
 *
 * The argument kind `path` judges text, and sees no links. Use this beside it where server and host share a file system. Refused
 * too: links to nothing, and paths of which nothing can be told. What it found holds at that moment only: who can make links in a
 * root can make one between the check and the server's use of the path. Hard links and mounts are not seen.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS` when a root is not absolute, or there is nothing to check
 */
export function createRealPathCheck(options: RealPathCheckOptions): Interceptor {
  const checksOf = compileChecks(options);
  const document = options.policy?.document;
  return {
    name: options.name ?? `callgate/real-path:${options.server}`,
    type: 'validation',
    hooks: [{ events: ['tools/call'], phase: 'request' }],
    async intercept({ server, payload, signal }) {
      const tool = own(payload, 'name');
      const args = own(payload, 'arguments') ?? {};
      if (typeof tool !== 'string' || !isJsonObject(args)) return refused('the call has no name or no arguments');
      let count = 0;
      for (const call of callsIn({ server, tool, args }, document)) {
        for (const { value, check } of pathsIn(call, checksOf(call))) {
          count += 1;
          if (count > MAX_PATHS) return refused(`the call names more than ${MAX_PATHS} paths`);
          signal.throwIfAborted();
          const reason = await refusal(value, check);
          if (reason !== undefined) return refused(reason);
        }
      }
      return { valid: true };
    },
  };
}

function refused(message: string): ValidationResult {
  return { valid: false, messages: [{ message, severity: 'error' }] };
}

function pathsIn(call: ToolCallArguments, checks: readonly Check[]): readonly { value: unknown; check: Check }[] {
  return checks.flatMap((check) => valuesAt(call.args, check.argument.steps).map((value) => ({ value, check })));
}

/** Why a path is refused; undefined where it stays inside. */
async function refusal(value: unknown, check: Check): Promise<string | undefined> {
  if (typeof value !== 'string' || value === '' || value.length > MAX_PATH_LENGTH || value.includes('\0'))
    return 'an argument is no path';
  // `a/..` is not `.` where `a` is a link: what the text means and what the system opens part ways
  if (value.split(/[/\\]/u).includes('..')) return 'a path has `..` in it';
  if (check.base === undefined && !isAbsolute(value)) return 'a path is relative, and its base is not known';
  const real = await resolveReal(resolve(check.base ?? '/', value));
  if (real === undefined) return 'a path does not lead anywhere that can be told';
  for (const root of check.roots) {
    const folder = await resolveReal(root);
    if (folder !== undefined && isInside(real, folder)) return undefined;
  }
  return 'a path leads out of the permitted folders once its links are followed';
}

function compileChecks(options: RealPathCheckOptions): (call: ToolCallArguments) => readonly Check[] {
  const { server, policy, arguments: pointers, roots, base } = options;
  if (typeof server !== 'string' || server === '') throw invalid('`server`: the registered name');
  if ((policy === undefined) === (pointers === undefined)) throw invalid('either `policy` or `arguments`');
  for (const folder of [...(roots ?? []), ...(base === undefined ? [] : [base])]) assertAbsolute(folder);
  if (pointers !== undefined) {
    if (roots === undefined || roots.length === 0) throw invalid('`roots` with `arguments`');
    if (pointers.length === 0) throw invalid('at least one of `arguments`');
    const checks = pointers.map((pointer): Check => ({ argument: { steps: stepsOf(pointer) }, roots, base }));
    return (call) => (call.server === server ? checks : []);
  }
  const byTool = checksOfPolicy(options);
  return (call) => (call.server === server ? (byTool.get(call.tool) ?? []) : []);
}

function checksOfPolicy({ server, policy, roots, base }: RealPathCheckOptions): ReadonlyMap<string, readonly Check[]> {
  const servers = policy?.document.servers ?? {};
  const tools = Object.hasOwn(servers, server) ? (servers[server]?.tools ?? {}) : {};
  const byTool = new Map<string, readonly Check[]>();
  for (const [tool, document] of Object.entries(tools)) {
    const { arguments: envelope } = document;
    if (envelope === undefined || envelope === 'any') continue;
    const checks = pathArguments(envelope).map((argument) => checkOf(argument, roots, base, tool));
    if (checks.length > 0) byTool.set(tool, checks);
  }
  // a check that never runs
  if (byTool.size === 0) throw invalid(`an argument of kind \`path\` on the server \`${server}\``);
  return byTool;
}

function checkOf(
  argument: PathArgument,
  roots: readonly string[] | undefined,
  given: string | undefined,
  tool: string,
): Check {
  const base = argument.base ?? given;
  const folders = roots ?? argument.roots.map((root) => folderOf(root, base, tool));
  for (const folder of base === undefined ? folders : [...folders, base]) assertAbsolute(folder);
  return { argument, roots: folders, base };
}

function folderOf(root: string, base: string | undefined, tool: string): string {
  if (isAbsolute(root)) return resolve(root);
  if (base === undefined) throw invalid(`\`base\`, since a root of \`${tool}\` is relative`);
  return resolve(base, root);
}

function assertAbsolute(folder: string): void {
  if (typeof folder !== 'string' || !isAbsolute(folder)) throw invalid('absolute folders of this host');
}

function invalid(expected: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', `real-path check: expected ${expected}`);
}
