import type { Fuel } from '../fuel.ts';
import { assignmentAt, type NameEnds } from './assignment.ts';
import { entropyOf } from './entropy.ts';
import { keyNameOf, type KeyName, type NameStrength } from './key-name.ts';
import type { OnSecret, SecretMatch } from './secret-match.ts';
import { isSecretValue } from './secret-value.ts';
import { isExample } from './stand-in.ts';

type Judged = Pick<SecretMatch, 'rule' | 'category' | 'severity' | 'reason'>;

const RULES: Readonly<Record<Exclude<NameStrength, 'none'>, Judged>> = {
  password: {
    rule: 'secrets.password',
    category: 'password',
    severity: 'medium',
    reason: 'a password is assigned',
  },
  secret: {
    rule: 'secrets.generic-secret',
    severity: 'medium',
    reason: 'a random value is assigned to a name of secrets',
  },
  token: {
    rule: 'secrets.generic-token',
    severity: 'medium',
    reason: 'a random value is assigned to a name of tokens',
  },
};

/** Finds the value that is assigned to the name around a keyword. */
export function findAssigned(
  text: string,
  start: number,
  end: number,
  ends: NameEnds,
  report: OnSecret,
  fuel: Fuel,
): void {
  if (!ends.maySignFollow(end, fuel)) return;
  const assignment = assignmentAt(text, start, end, fuel);
  if (assignment === undefined) return;
  const { name, value, isQuoted, isArgument } = assignment;
  // A call may take a word and a value that have nothing to do with each other: `derive('password', 'salt1234')`.
  if (isArgument && !/[A-Z].*[A-Z]|[._-]/u.test(name)) return;
  const found = judge(keyNameOf(name), value, isQuoted, name);
  if (found !== undefined) report({ ...found, start: assignment.start, end: assignment.end });
}

/** Finds a secret that is all of the value of a member with this name. */
export function findInField(name: string, text: string, report: OnSecret, fuel: Fuel): void {
  if (text.length > 4096) return;
  const value = text.trim();
  fuel.spend(value.length);
  const found = judge(keyNameOf(name), value, true, name);
  if (found === undefined) return;
  const start = text.indexOf(value);
  report({ ...found, start, end: start + value.length });
}

function judge({ strength, services }: KeyName, value: string, isQuoted: boolean, name: string): Judged | undefined {
  for (const { id, title, pattern } of services) {
    pattern.lastIndex = 0;
    if (value.length > 200 || !pattern.test(value) || isExample(value.slice(-32))) continue;
    if (entropyOf(value) >= 2 && isMixed(value)) {
      return { rule: `secrets.${id}`, severity: 'high', reason: `${title}, by the name it is assigned to` };
    }
  }
  return strength !== 'none' && isSecretValue(value, strength, isQuoted, name) ? RULES[strength] : undefined;
}

/** Names of things are letters only, in one case; keys hold digits or both cases. */
function isMixed(value: string): boolean {
  return /\d/u.test(value) || (/[a-z]/u.test(value) && /[A-Z]/u.test(value)) || value.includes(':');
}
