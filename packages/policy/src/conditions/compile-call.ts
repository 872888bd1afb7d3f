import { applyRule, type CallNode, type CallRule } from './call.ts';
import { unusable, type Compilation, type Compiled } from './compilation.ts';
import { CONVERSION_FUNCTIONS } from './conversion-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';

const FUNCTIONS: ReadonlyMap<string, CallRule> = new Map(
  Object.entries({ ...TEXT_FUNCTIONS, ...TIME_FUNCTIONS, ...CONVERSION_FUNCTIONS }),
);

/** Macros are calls to a reader, so a misspelt one is near to them too. */
const NAMES: readonly string[] = [...FUNCTIONS.keys(), 'has', 'all', 'exists', 'exists_one', 'filter', 'map'];

/** A function or a method. The language is closed: what it does not know does not load. */
export function compileCall(node: CallNode, compilation: Compilation): Compiled {
  const rule = FUNCTIONS.get(node.name);
  if (rule !== undefined) return applyRule(rule, node, compilation);
  compilation.issues.addUnknown(node.place, node.name, NAMES, 'function');
  return unusable();
}
