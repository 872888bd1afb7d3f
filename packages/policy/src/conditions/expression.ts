/** Where something stands in the source of a condition: UTF-16 offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

export type MacroName = 'all' | 'exists' | 'exists_one' | 'filter' | 'map';

/** The syntax tree of a condition: CEL without bytes, unsigned integers, messages and optional values. */
export type Expression =
  | (Span & { readonly kind: 'literal'; readonly value: null | boolean | string })
  /** `isInteger`: written without fraction and exponent, which makes it an `int` and not a `double`. */
  | (Span & { readonly kind: 'number'; readonly value: number; readonly isInteger: boolean })
  | (Span & { readonly kind: 'name'; readonly name: string })
  | (Span & Member<'select'>)
  | (Span & { readonly kind: 'index'; readonly target: Expression; readonly index: Expression })
  | (Span & Member<'has'>)
  | (Span & { readonly kind: 'logic'; readonly operator: '&&' | '||'; readonly terms: readonly Expression[] })
  | (Span & { readonly kind: 'not'; readonly operand: Expression })
  | (Span & { readonly kind: 'negate'; readonly operand: Expression })
  | (Span & Binary<'compare', ComparisonOperator>)
  | (Span & Binary<'arithmetic', ArithmeticOperator>)
  | (Span & Binary<'in', 'in'>)
  | (Span & {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    })
  /** A function (`size(x)`) or, with a target, a method (`x.size()`). */
  | (Span & {
      readonly kind: 'call';
      readonly name: string;
      readonly target: Expression | undefined;
      readonly arguments: readonly Expression[];
      /** Where the name stands. */
      readonly place: Span;
    })
  | (Span & Macro)
  | (Span & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Span & { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] });

export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

interface Member<Kind extends string> {
  readonly kind: Kind;
  readonly target: Expression;
  readonly field: string;
  /** Where the field's name stands. */
  readonly place: Span;
}

interface Binary<Kind extends string, Operator extends string> {
  readonly kind: Kind;
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `range.name(variable, body)`; `map` may have a filter: `range.map(variable, filter, body)`. */
interface Macro {
  readonly kind: 'macro';
  readonly name: MacroName;
  readonly range: Expression;
  readonly variable: string;
  readonly filter: Expression | undefined;
  readonly body: Expression;
}
