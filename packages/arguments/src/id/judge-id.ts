import type { IdRules } from './compile-rules.ts';

/** What the kind `id` finds wrong. */
export type IdProblemCode =
  | 'id.type'
  | 'id.prefix'
  | 'id.length'
  | 'id.character'
  | 'id.case'
  | 'id.format'
  | 'id.version'
  | 'id.range'
  | 'id.dots';

/** One thing that is wrong: its code, what came in words, and what to do. */
export interface IdFinding {
  readonly code: IdProblemCode;
  readonly got: string;
  readonly hint?: string;
}

/** What is wrong with an identifier, or nothing. */
export function judgeId(text: string, rules: IdRules): IdFinding | undefined {
  if (!text.startsWith(rules.prefix)) {
    return { code: 'id.prefix', got: 'another beginning', hint: `begin it with \`${rules.prefix}\`` };
  }
  const length = text.length - rules.prefix.length;
  if (length < rules.minLength || length > rules.maxLength) return wrongLength(length, rules);
  const body = text.slice(rules.prefix.length);
  return findCharacter(body, rules) ?? findInFormat(body, rules);
}

function wrongLength(length: number, rules: IdRules): IdFinding {
  const got = length < rules.minLength ? 'too short a text' : 'too long a text';
  return { code: 'id.length', got, hint: `use ${lengthWords(rules)} behind its beginning` };
}

/** `4 to 8 characters`. */
export function lengthWords({ minLength, maxLength }: IdRules): string {
  const count = minLength === maxLength ? String(minLength) : `${minLength} to ${maxLength}`;
  return `${count} character${maxLength === 1 ? '' : 's'}`;
}

function findCharacter(body: string, rules: IdRules): IdFinding | undefined {
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index] ?? '';
    if (rules.alphabet.has(character)) continue;
    if (character > '\u007f') {
      return {
        code: 'id.character',
        got: 'a character outside of ASCII, which may look like one of it',
        hint: 'write it in ASCII',
      };
    }
    if (rules.alphabet.has(character.toLowerCase()) || rules.alphabet.has(character.toUpperCase())) {
      return { code: 'id.case', got: 'a letter of the other case' };
    }
    return { code: 'id.character', got: 'a character that identifiers of this format do not have' };
  }
  return undefined;
}

function findInFormat(body: string, rules: IdRules): IdFinding | undefined {
  if (rules.structure?.test(body) === false) return { code: 'id.format', got: 'another format' };
  // characters 15 of a UUID: RFC 9562 §4.2
  if (rules.versions?.has(body[14] ?? '') === false) return { code: 'id.version', got: 'a UUID of another version' };
  if (rules.name === 'integer' && (rules.minimum > 0n || rules.maximum !== undefined)) {
    const value = BigInt(body);
    if (value < rules.minimum || (rules.maximum !== undefined && value > rules.maximum)) {
      return { code: 'id.range', got: 'a number out of range' };
    }
  }
  if (body.includes('.') && /\.\.|(?:^|[/\\])\.(?:$|[/\\])/u.test(body)) {
    return { code: 'id.dots', got: 'a name made of dots', hint: 'leave `.` and `..` out' };
  }
  return undefined;
}

/** The one spelling of an identifier that passes. */
export function canonicalId(text: string, rules: IdRules): string {
  const body = text.slice(rules.prefix.length);
  if (rules.format.folds === undefined) return text;
  const target = rules.case === 'any' ? rules.format.folds : rules.case;
  return rules.prefix + (target === 'lower' ? body.toLowerCase() : body.toUpperCase());
}
