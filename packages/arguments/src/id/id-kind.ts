import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, KindProblem } from '@callgate/policy';

import { KindAssembler } from '../internal/assemble-kind.ts';
import { problemsFor, typeName } from '../internal/problems.ts';
import { compileRules, type IdRules } from './compile-rules.ts';
import { isIdCovered } from './covers.ts';
import { candidateIds, idsBeyond, idsNear } from './examples.ts';
import { canonicalId, judgeId, lengthWords, type IdProblemCode } from './judge-id.ts';
import { idSpecification, type IdSpecification } from './specification.ts';

const assembler = new KindAssembler<IdRules>();

/** An identifier, as text: of one format, in ASCII, and in one spelling. */
export const idKind: ArgumentKind<IdSpecification> = {
  name: 'id',
  summary: 'An identifier of one format: UUID, ULID, digits, slug, …, with a prefix where there is one.',
  types: ['string'],
  specification: idSpecification,
  compile(specification, report) {
    const rules = compileRules(specification, report);
    const expected = describe(rules);
    const { fail } = problemsFor<IdProblemCode>(expected);
    const check = (value: JsonValue): readonly KindProblem[] => {
      if (typeof value !== 'string') return [fail('id.type', typeName(value))];
      const finding = judgeId(value, rules);
      return finding === undefined ? [] : [fail(finding.code, finding.got, finding.hint)];
    };
    return assembler.assemble({
      kind: 'id',
      expected,
      facts: rules,
      check,
      canonical: (value) => (typeof value === 'string' ? canonicalId(value, rules) : value),
      isCoveredBy: (outer) => isIdCovered(rules, outer),
      candidates: () => candidateIds(rules),
      beyond: () => idsBeyond(rules),
      repair: (value) => (typeof value === 'string' || typeof value === 'number' ? idsNear(value, rules) : []),
    });
  },
};

function describe(rules: IdRules): string {
  const { name, format, prefix } = rules;
  const clauses = prefix === '' ? [] : [`\`${prefix}\` and then`];
  if (name === 'token' && rules.structure === undefined)
    clauses.push('characters of the alphabet that the policy lists');
  else clauses.push(format.words);
  if (!format.isFixed) clauses.push(`(${lengthWords(rules)})`);
  if (rules.versions !== undefined) clauses.push(`of version ${[...rules.versions].join(' or ')}`);
  if (rules.case !== 'any') clauses.push(`in ${rules.case} case`);
  if (rules.maximum !== undefined) clauses.push(`from ${rules.minimum} to ${rules.maximum}`);
  else if (rules.minimum > 0n) clauses.push(`of at least ${rules.minimum}`);
  return clauses.join(' ');
}
