import type { ReportKindIssue } from '@callgate/policy';

import { ID_FORMATS, type IdFormat } from './formats.ts';
import type { IdFormatName, IdSpecification } from './specification.ts';

/** A compiled specification: what identifiers are judged by, and compared by. */
export interface IdRules {
  readonly name: IdFormatName;
  readonly format: IdFormat;
  readonly prefix: string;
  readonly alphabet: ReadonlySet<string>;
  /** What is required beyond the alphabet; a `token` with an alphabet of its own has nothing. */
  readonly structure: RegExp | undefined;
  readonly minLength: number;
  readonly maxLength: number;
  readonly case: 'lower' | 'upper' | 'any';
  readonly versions: ReadonlySet<string> | undefined;
  readonly minimum: bigint;
  readonly maximum: bigint | undefined;
}

/** Keys that are about one format only. */
const OWN_KEYS: Readonly<Record<string, IdFormatName>> = {
  alphabet: 'token',
  versions: 'uuid',
  minimum: 'integer',
  maximum: 'integer',
};

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(specification: IdSpecification, report: ReportKindIssue): IdRules {
  const name = specification.format ?? 'token';
  const format = ID_FORMATS[name];
  for (const [key, owner] of Object.entries(OWN_KEYS)) {
    if (owner !== name && Object.hasOwn(specification, key)) {
      report(`/${key}`, `no \`${key}\`: it is for the format \`${owner}\` only`, 'a value');
    }
  }
  const minimum = BigInt(specification.minimum ?? 0);
  const maximum = specification.maximum === undefined ? undefined : BigInt(specification.maximum);
  if (maximum !== undefined && maximum < minimum) report('/maximum', 'at least `minimum`', 'a smaller number');
  const [minLength, maxLength] = lengthsOf(specification, format, report);
  const letterCase = specification.case ?? 'any';
  const alphabet = alphabetOf(specification.alphabet, format, letterCase);
  if (alphabet.size === 0) report('/case', 'one that leaves some of `alphabet`', `\`${letterCase}\``);
  if (name === 'slug' && letterCase === 'upper') report('/case', '`lower` or `any`', '`upper`');
  return {
    name,
    format,
    prefix: specification.prefix ?? '',
    alphabet,
    structure: specification.alphabet === undefined ? format.structure : undefined,
    minLength: Math.max(minLength, name === 'integer' ? String(minimum).length : 1),
    maxLength: Math.min(maxLength, maximum === undefined ? maxLength : String(maximum).length),
    case: letterCase,
    versions: specification.versions === undefined ? undefined : new Set(specification.versions.map(String)),
    minimum,
    maximum,
  };
}

function lengthsOf(
  specification: IdSpecification,
  format: IdFormat,
  report: ReportKindIssue,
): readonly [number, number] {
  const { minLength, maxLength } = specification;
  if (format.isFixed) {
    if (minLength !== undefined) report('/minLength', 'no length: the format has one', String(minLength));
    if (maxLength !== undefined) report('/maxLength', 'no length: the format has one', String(maxLength));
    return [format.minLength, format.maxLength];
  }
  const least = minLength ?? Math.min(format.minLength, maxLength ?? format.minLength);
  const most = maxLength ?? Math.max(format.maxLength, least);
  if (most < least) report('/maxLength', `at least \`minLength\`, which is ${least}`, String(most));
  return [least, most];
}

function alphabetOf(own: string | undefined, format: IdFormat, letterCase: IdRules['case']): ReadonlySet<string> {
  const written = own ?? format.alphabet;
  const both = format.folds === undefined ? written : written.toLowerCase() + written.toUpperCase();
  const isKept = (character: string): boolean =>
    letterCase === 'any' || character === (letterCase === 'lower' ? character.toLowerCase() : character.toUpperCase());
  return new Set(Array.from(both).filter(isKept));
}
