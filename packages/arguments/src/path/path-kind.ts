import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, KindProblem } from '@callgate/policy';

import { KindAssembler } from '../internal/assemble-kind.ts';
import { problemsFor, typeName } from '../internal/problems.ts';
import { anyOf } from '../internal/words.ts';
import { compileRules } from './compile-rules.ts';
import { isPathCovered } from './covers.ts';
import { candidatePaths, pathsBeyond, pathsNear } from './examples.ts';
import { canonicalText, judgePath } from './judge-path.ts';
import type { PathProblemCode } from './problems.ts';
import type { PathRules } from './rules.ts';
import { pathSpecification, type PathSpecification } from './specification.ts';

const assembler = new KindAssembler<PathRules>();

/**
 * A path of a file or folder, as text: inside the roots, however the platform that opens it reads the text.
 *
 * Nothing is resolved: `..` in any spelling is refused, also where it would stay inside. Pure, so that links are not seen; see
 * `createRealPathCheck` of `callgate` for those.
 */
export const pathKind: ArgumentKind<PathSpecification> = {
  name: 'path',
  summary: 'A path of a file or folder inside given folders, whichever platform reads it.',
  types: ['string'],
  specification: pathSpecification,
  compile(specification, report) {
    const rules = compileRules(specification, report);
    const expected = describe(rules);
    const { fail } = problemsFor<PathProblemCode>(expected);
    const check = (value: JsonValue): readonly KindProblem[] => {
      if (typeof value !== 'string') return [fail('path.type', typeName(value))];
      const judged = judgePath(value, rules);
      return 'path' in judged ? [] : judged.findings.map(({ code, got, hint }) => fail(code, got, hint));
    };
    const canonical = (value: JsonValue): string => {
      const judged = judgePath(typeof value === 'string' ? value : '', rules);
      return 'path' in judged ? canonicalText(judged.path, rules) : '';
    };
    return assembler.assemble({
      kind: 'path',
      expected,
      facts: rules,
      check,
      canonical,
      isCoveredBy: (outer) => isPathCovered(rules, outer),
      candidates: () => candidatePaths(rules),
      beyond: () => pathsBeyond(rules),
      repair: (value) => (typeof value === 'string' ? pathsNear(value, rules) : []),
      resources: (value) => [{ type: 'path', name: canonical(value) }],
    });
  },
};

/** Where, with which ending, and without what. */
function describe(rules: PathRules): string {
  const named = rules.roots.filter((root) => root.text !== '.').map((root) => root.text);
  const places: string[] = [];
  if (named.length < rules.roots.length) places.push('a relative path');
  if (named.length > 0) places.push(`a path inside ${anyOf(named)}`);
  const clauses = [places.join(' or ')];
  if (rules.extensions !== undefined) clauses.push(`that ends in ${anyOf(rules.extensions)}`);
  if (rules.hidden === 'deny') clauses.push('without hidden names');
  if (rules.deny.length > 0) clauses.push(`outside of ${anyOf(rules.deny.map((glob) => glob.text))}`);
  return clauses.join(' ');
}
