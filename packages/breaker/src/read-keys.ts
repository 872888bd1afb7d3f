import type { KeyPart } from '@callgate/policy';

import type { CallFacts } from './call-facts.ts';
import type { Keys } from './reducer.ts';

/**
 * The keys of a call by `parts`: one, or where a part is `run` one for each run that the call is part of.
 *
 * Tools are named without their server. Arguments are digests.
 */
export function readKeys(parts: readonly KeyPart[], facts: CallFacts): Keys {
  const written = writtenParts(parts);
  const known = facts.keys.get(written);
  if (known !== undefined) return known;
  const keys = readKeysAnew(parts, facts);
  facts.keys.set(written, keys);
  return keys;
}

/** Each list of parts is part of a compiled control, and written once. */
const WRITTEN = new WeakMap<readonly KeyPart[], string>();

function writtenParts(parts: readonly KeyPart[]): string {
  const known = WRITTEN.get(parts);
  if (known !== undefined) return known;
  const written = JSON.stringify(parts);
  WRITTEN.set(parts, written);
  return written;
}

function readKeysAnew(parts: readonly KeyPart[], facts: CallFacts): Keys {
  let before = '';
  for (const [index, part] of parts.entries()) {
    if (part.by === 'run') return readRunKeys(before, parts.slice(index + 1), facts);
    const text = readPart(part, facts);
    if (text === undefined) return absent(part);
    before += `${text.length}:${text}`;
  }
  return { ok: true, keys: [before] };
}

function readRunKeys(before: string, rest: readonly KeyPart[], facts: CallFacts): Keys {
  let after = '';
  for (const part of rest) {
    // A run twice is the same run.
    const text = part.by === 'run' ? '' : readPart(part, facts);
    if (text === undefined) return absent(part);
    if (part.by !== 'run') after += `${text.length}:${text}`;
  }
  const { runs } = facts.call;
  if (runs.length === 0) return { ok: false, message: 'expected a call with a run, got one without' };
  const keys: string[] = [];
  for (const run of runs) {
    const key = `${before}${run.length}:${run}${after}`;
    if (!keys.includes(key)) keys.push(key);
  }
  return { ok: true, keys };
}

function absent(part: KeyPart): Keys {
  const what = part.by === 'argument' ? `the argument \`${part.pointer}\`` : `a known ${part.by}`;
  return { ok: false, message: `expected ${what} to keep count by, got none` };
}

/** What a part of a key reads as, or undefined where the call does not say. For `run` the innermost. */
export function readPart(part: KeyPart, facts: CallFacts): string | undefined {
  const { call } = facts;
  switch (part.by) {
    case 'run':
      return call.runs[0];
    case 'server':
      return call.server;
    case 'tool':
      return call.tool;
    case 'environment':
      return facts.environment;
    case 'user':
      return call.principal.user;
    case 'agent':
      return call.principal.agent;
    case 'workload':
      return call.principal.workload;
    case 'team':
      return call.principal.team;
    case 'tenant':
      return call.principal.tenant;
    case 'arguments':
      return facts.argumentsDigest(part.volatile);
    case 'argument':
      return facts.argumentDigest(part.pointer);
  }
}
