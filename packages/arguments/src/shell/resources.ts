import type { NamedResource } from '@callgate/policy';

import type { Judged } from './judge-command.ts';
import { programName } from './launchers.ts';
import { parsePath, pathText } from './path.ts';

const MAX_PARTS = 8;

/**
 * The programs that run, and every path that an operand, a value or a redirection may name. What is a path only the program knows,
 * so too many are named rather than too few: of `--file=/a`, `if=/a`, `HEAD:a`, `host:/a` and `@a` also the part behind the mark.
 */
export function resourcesOf({ programs, values }: Judged): readonly NamedResource[] {
  const found = new Map<string, NamedResource>();
  for (const program of programs) {
    const name = programName(program);
    found.set(`program ${name}`, { type: 'program', name });
    if (program.includes('/')) addPath(program, found);
  }
  for (const value of values) for (const part of partsOf(value)) addPath(part, found);
  return [...found.values()];
}

function addPath(text: string, found: Map<string, NamedResource>): void {
  const name = pathText(parsePath(text.replaceAll('\\', '/')));
  found.set(`path ${name}`, { type: 'path', name });
}

/** A value and what follows each of its first marks; of a flag, what follows its name. */
function partsOf(value: string): readonly string[] {
  const parts: string[] = value.startsWith('-') ? [] : [value];
  if (/^-[^-]./u.test(value)) parts.push(value.slice(2));
  let count = 0;
  for (const match of value.matchAll(/[=:@,]/gu)) {
    if (count === MAX_PARTS) break;
    count += 1;
    const rest = value.slice(match.index + 1);
    parts.push(rest, rest.split(',', 1)[0] ?? '');
  }
  return parts.filter((part) => part !== '' && !/^-?\d+(?:\.\d+)?$/u.test(part));
}
