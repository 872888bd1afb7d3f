import { canonicalize, type JsonValue } from '@callgate/canonical';
import type { ArgumentKind, KindProblem } from '@callgate/policy';

import { KindAssembler } from '../internal/assemble-kind.ts';
import { problemsFor, typeName } from '../internal/problems.ts';
import { anyOf } from '../internal/words.ts';
import { compileRules, JSON_TYPES, type JsonRules } from './compile-rules.ts';
import { isJsonCovered } from './covers.ts';
import { candidateJson, jsonBeyond, jsonNear } from './examples.ts';
import { judgeJson } from './judge-json.ts';
import type { JsonProblemCode } from './problems.ts';
import { jsonSpecification, type JsonTextSpecification } from './specification.ts';

const assembler = new KindAssembler<JsonRules>();

/** JSON as text in a string: bounded, and without what parsers disagree on. */
export const jsonKind: ArgumentKind<JsonTextSpecification> = {
  name: 'json',
  summary: 'JSON as text in a string: bounded, with the same meaning for every parser.',
  types: ['string'],
  specification: jsonSpecification,
  compile(specification, report) {
    const rules = compileRules(specification, report);
    const expected = describe(rules);
    const { fail, error } = problemsFor<JsonProblemCode>(expected);
    const check = (value: JsonValue): readonly KindProblem[] => {
      if (typeof value !== 'string') return [fail('json.type', typeName(value), 'write the JSON as text')];
      const finding = judgeJson(value, rules);
      if (finding === undefined) return [];
      const { code, got, hint } = finding;
      return [(code === 'json.syntax' ? error : fail)(code, got, hint)];
    };
    return assembler.assemble({
      kind: 'json',
      expected,
      facts: rules,
      check,
      canonical: (value) => (typeof value === 'string' ? canonicalize(JSON.parse(value) as JsonValue) : value),
      isCoveredBy: (outer) => isJsonCovered(rules, outer),
      candidates: () => candidateJson(rules),
      beyond: () => jsonBeyond(),
      repair: (value) => jsonNear(value, rules),
    });
  },
};

function describe(rules: JsonRules): string {
  const types = [...rules.types];
  const clauses = ['a JSON text'];
  if (types.length < JSON_TYPES.length) clauses.push(`of the type ${anyOf(types)}`);
  if (rules.keys !== undefined) clauses.push(`with no members but ${anyOf([...rules.keys], 12)}`);
  if (rules.required.size > 0)
    clauses.push(`with each of ${[...rules.required].map((name) => `\`${name}\``).join(', ')}`);
  clauses.push(`of at most ${rules.maxLength} characters`);
  return clauses.join(' ');
}
