import type { KindProblem } from '@callgate/policy';

import type { ListedKind } from '../kinds/kind-list.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_LENGTH = 500;

/** A kind with its keys, for a person. */
export function kindLines({ name, summary, types, keys }: ListedKind, style: Style): readonly string[] {
  const width = Math.max(0, ...keys.map((key) => key.name.length));
  return [
    `${style.bold(name)}  ${summary} ${style.dim(`(${types.join(', ')})`)}`,
    ...keys.map((key) => {
      const value = `${key.value}${key.isRequired ? ', required' : ''}`;
      return `  ${style.cyan(key.name.padEnd(width))}  ${key.description} ${style.dim(`(${value})`)}`.trimEnd();
    }),
  ];
}

/** One problem of a value: where, what was expected, what came, and what to do. */
export function problemText({ code, pointer, expected, got, hint }: KindProblem): string {
  const place = pointer === '' ? '' : `at ${printable(pointer)}: `;
  const advice = hint === undefined ? '' : `; ${printable(hint, MAX_LENGTH)}`;
  return `${place}expected ${printable(expected, MAX_LENGTH)}, got ${printable(got, MAX_LENGTH)}${advice} [${code}]`;
}
