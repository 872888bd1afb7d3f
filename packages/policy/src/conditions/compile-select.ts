import { excerpt } from '@callgate/canonical';

import { atomOf } from './atoms.ts';
import { expectKinds, sourceOf, unusable, wrongKind, type Compilation, type Compiled } from './compilation.ts';
import type { Expression, ExpressionOf } from './expression.ts';
import { NO_SLOT, remembering } from './path-slots.ts';
import {
  ANY,
  BOOL,
  LIST,
  MAP,
  NUMBER,
  STRING,
  itemsOf,
  membersOf,
  typeOfKinds,
  union,
  type MemberType,
  type StaticType,
} from './static-type.ts';
import { Failure, isList, isMap, memberOf, type Evaluate, type Result } from './value.ts';

/** A variable by itself. */
export function compileName(node: ExpressionOf<'name'>, compilation: Compilation): Compiled {
  const variable = compilation.variable(node.name);
  if (variable === undefined) {
    compilation.issues.addUnknown(node, node.name, compilation.variableNames(), 'variable');
    return unusable();
  }
  const { type, run, isPath } = variable;
  if (run === undefined) {
    const [example = ''] = membersOf(type).names();
    compilation.issues.add(node, `a member of it, such as \`${node.name}.${example}\``, `all of \`${node.name}\``);
    return unusable();
  }
  if (!isPath) return { type, run };
  const path = [node.name];
  // the arguments are at hand as they are
  const slot = node.name === 'now' ? compilation.slots.numberOf(path) : NO_SLOT;
  return { type, run: remembering(run, slot), path, slot };
}

/** `target.field`, and `target["field"]`. */
export function compileSelect(node: ExpressionOf<'select'>, compilation: Compilation): Compiled {
  const member = compileMember(node, compilation);
  if (member === undefined) return unusable();
  const { known, path, read } = member;
  if (known.presence === 'sometimes' && path !== undefined) compilation.noteUncertain(path);
  return { type: known.type, run: read, ...(path === undefined ? {} : { path, slot: member.slot }) };
}

/** `has(target.field)`: whether an object has the member. Asking what is no object is an error. */
export function compileHas(node: ExpressionOf<'has'>, compilation: Compilation): Compiled {
  const member = compileMember(node, compilation);
  if (member === undefined) return unusable();
  const { path, has } = member;
  if (path === undefined) return { type: typeOfKinds(BOOL), run: has };
  compilation.noteGuard(path);
  const slot = compilation.slots.numberOf(['has', ...path]);
  const run = remembering(has, slot);
  return { type: typeOfKinds(BOOL), run, slot, ...atomOf(path, 'has', true, run) };
}

interface Member {
  readonly known: MemberType;
  readonly path: readonly string[] | undefined;
  readonly slot: number;
  readonly read: Evaluate;
  readonly has: Evaluate;
}

function compileMember(
  { target, field, place }: ExpressionOf<'select' | 'has'>,
  compilation: Compilation,
): Member | undefined {
  const variable = target.kind === 'name' ? compilation.variable(target.name) : undefined;
  const readers = variable?.member?.(field);
  const compiled = variable === undefined || readers === undefined ? compilation.compile(target) : undefined;
  const type = compiled?.type ?? variable?.type ?? ANY;
  if (compiled !== undefined && !expectKinds(compilation, target, compiled, MAP)) return undefined;
  const known = membersOf(type).find(field);
  if (known === undefined) {
    const what = `member of \`${sourceOf(compilation, target)}\``;
    compilation.issues.addUnknown(place, field, membersOf(type).names(), what);
    return undefined;
  }
  if (compiled === undefined) {
    if (readers === undefined || target.kind !== 'name') return undefined;
    return kept({ known, path: [target.name, field], ...readers }, compilation);
  }
  const path = compiled.path === undefined ? undefined : [...compiled.path, field];
  return kept({ known, path, ...readersOf(compiled, target, field, compilation) }, compilation);
}

/** With what is read of the place kept for other conditions on the same call. */
function kept(member: Omit<Member, 'slot'>, { slots }: Compilation): Member {
  const { path, read } = member;
  const slot = path === undefined ? NO_SLOT : slots.numberOf(path);
  return { ...member, slot, read: remembering(read, slot) };
}

function readersOf(
  compiled: Compiled,
  target: Expression,
  field: string,
  compilation: Compilation,
): { readonly read: Evaluate; readonly has: Evaluate } {
  const { run } = compiled;
  const missing = new Failure('missing', `no \`${excerpt(field)}\` in \`${sourceOf(compilation, target)}\``);
  const wrong = wrongKind(compilation, target, 'an object');
  const has: Evaluate = (input, scope) => {
    const map = run(input, scope);
    return isMap(map) ? Object.hasOwn(map, field) : wrong(map);
  };
  if (compiled.path?.length === 1 && compiled.path[0] === 'arguments') {
    // measured (bench/conditions.ts): most conditions read an argument, and this is a third of what they cost
    return {
      has,
      read: ({ arguments: map }) => {
        const value = Object.hasOwn(map, field) ? map[field] : undefined;
        return value === undefined ? missing : value;
      },
    };
  }
  return {
    has,
    read: (input, scope) => {
      const map = run(input, scope);
      if (!isMap(map)) return wrong(map);
      const value = memberOf(map, field);
      return value === undefined ? missing : value;
    },
  };
}

/** `target[index]`: an item of a list by its number, a member of an object by its name. */
export function compileIndex(node: ExpressionOf<'index'>, compilation: Compilation): Compiled {
  const target = compilation.compile(node.target);
  const index = compilation.compile(node.index);
  const isTarget = expectKinds(compilation, node.target, target, LIST | MAP);
  const kinds = ((target.type.kinds & LIST) === 0 ? 0 : NUMBER) | ((target.type.kinds & MAP) === 0 ? 0 : STRING);
  if (!isTarget || !expectKinds(compilation, node.index, index, kinds)) return unusable();
  const wrong = wrongKind(compilation, node.target, 'a list or an object');
  const wrongIndex = wrongKind(compilation, node.index, 'the number of an item or the name of a member');
  const missing = new Failure('missing', `nothing at \`${sourceOf(compilation, node)}\``);
  return {
    type: elementType(target.type),
    run: (input, scope) => {
      const container = target.run(input, scope);
      if (!isList(container) && !isMap(container)) return wrong(container);
      const at = index.run(input, scope);
      if (isList(container)) return typeof at === 'number' ? itemAt(container, at, missing) : wrongIndex(at);
      if (typeof at !== 'string') return wrongIndex(at);
      const value = memberOf(container, at);
      return value === undefined ? missing : value;
    },
  };
}

function itemAt(list: readonly Result[], at: number, missing: Failure): Result {
  return Number.isInteger(at) && at >= 0 && at < list.length ? (list[at] ?? null) : missing;
}

/** What an element of a list or a map can be. */
function elementType(type: StaticType): StaticType {
  const types = [
    ...((type.kinds & LIST) === 0 ? [] : [itemsOf(type)]),
    ...((type.kinds & MAP) === 0 ? [] : [membersOf(type).each]),
  ];
  return union(types);
}
