import type { ResultDocument } from '../document/types.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import {
  DEFAULT_RESULT_RULES,
  RESULT_CLASSES,
  RESULT_TREATMENTS,
  type ResultClass,
  type ResultRules,
  type ResultTreatment,
} from './result-rules.ts';

/** Rules for results: `off` inspects nothing. */
export type InheritedResult = ResultRules | 'off';

/**
 * Rules for the results of one entry, key by key over those of the server, or of the policy, around it.
 *
 * @param pointer where `result` stands
 */
export function compileResult(
  result: ResultDocument | undefined,
  inherited: InheritedResult,
  pointer: string,
  context: CompileContext,
): InheritedResult {
  if (result === undefined) return inherited;
  if (result === 'off') return 'off';
  const base = inherited === 'off' ? DEFAULT_RESULT_RULES : inherited;
  const treated = treatedClasses(result, pointer, context);
  // a password is treated as a secret until something else is said of it
  const isSecret = base.classes.password === base.classes.secret;
  const { password = (isSecret ? treated.secret : undefined) ?? base.classes.password } = treated;
  const classes = { ...base.classes, ...treated, password };
  const { content, mimeTypes, release, rows, maxTokens, over } = result;
  return Object.freeze({
    ...base,
    classes: Object.freeze(classes),
    instructions: result.instructions ?? base.instructions,
    matchesManifest: result.schema === undefined ? base.matchesManifest : result.schema === 'manifest',
    ...(content === undefined ? {} : { content: Object.freeze(content.toSorted()) }),
    ...(mimeTypes === undefined ? {} : { mimeTypes: Object.freeze(mimeTypes.toSorted()) }),
    ...(rows === undefined
      ? {}
      : { rows: Object.freeze([Object.freeze({ ...rows, then: rows.then ?? 'quarantine' })]) }),
    ...(release === undefined ? {} : { release: Object.freeze([...new Set(release)].toSorted()) }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(over === undefined ? {} : { over }),
  });
}

/** The classes by the lists they stand in. In two lists one would win, and its author could not tell which. */
function treatedClasses(
  result: Exclude<ResultDocument, 'off'>,
  pointer: string,
  context: CompileContext,
): Partial<Record<ResultClass, ResultTreatment>> {
  const treated: Partial<Record<ResultClass, ResultTreatment>> = {};
  for (const treatment of RESULT_TREATMENTS) {
    for (const [index, name] of (result[treatment] ?? []).entries()) {
      if (treated[name] !== undefined && treated[name] !== treatment) {
        context.issues.add(`${pointer}/${treatment}/${index}`, 'each class in one list', `\`${name}\` in two`);
      }
      if (RESULT_CLASSES.includes(name)) treated[name] = treatment;
    }
  }
  return treated;
}

/** The rules as an obligation: nothing where they are the standard ones. */
export function saidOf(rules: InheritedResult): { readonly result?: InheritedResult } {
  return rules === DEFAULT_RESULT_RULES ? {} : { result: rules };
}
