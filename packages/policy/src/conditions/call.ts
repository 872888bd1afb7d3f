import { expectKinds, gotWords, unusable, type Compilation, type Compiled } from './compilation.ts';
import type { Expression, ExpressionOf } from './expression.ts';

/** A part of a call: the target of a method, or an argument. */
export interface Part extends Compiled {
  readonly node: Expression;
}

/** A function or method of the language. */
export interface CallRule {
  /** As shown where it is used wrongly: `text.startsWith(prefix)`. */
  readonly usage: string;
  /** Whether it is called on a target, as `x.size()`, without one, as `size(x)`, or both. */
  readonly form: 'method' | 'function' | 'both';
  /** The kinds of the parts, the target first. Trailing ones may be left out where `optional` says how many. */
  readonly parts: readonly number[];
  readonly optional?: number;
  readonly compile: (parts: readonly [Part, ...Part[]], node: CallNode, compilation: Compilation) => Compiled;
}

export type CallNode = ExpressionOf<'call'>;

/** Compiles a call by the rule of its name, when its parts fit. */
export function applyRule(rule: CallRule, node: CallNode, compilation: Compilation): Compiled {
  const isMethod = node.target !== undefined;
  const nodes = isMethod ? [node.target, ...node.arguments] : node.arguments;
  const isForm = rule.form === 'both' || (rule.form === 'method') === isMethod;
  const least = rule.parts.length - (rule.optional ?? 0);
  const parts = nodes.map((part) => ({ node: part, ...compilation.compile(part) }));
  const [first, ...others] = parts;
  if (!isForm || first === undefined || nodes.length < least || nodes.length > rule.parts.length) {
    compilation.issues.add(node, `\`${rule.usage}\``, 'another form');
    return unusable();
  }
  const areFitting = parts.map((part, index) => expectKinds(compilation, part.node, part, rule.parts[index] ?? 0));
  return areFitting.every(Boolean) ? rule.compile([first, ...others], node, compilation) : unusable();
}

/** The text of a part that has to be a string literal; what else it is becomes an issue. */
export function literalText(part: Part, what: string, compilation: Compilation): string | undefined {
  if (typeof part.constant === 'string') return part.constant;
  compilation.issues.add(part.node, `${what} in quotes`, gotWords(compilation, part.node, part));
  return undefined;
}
