import { appendPointer, type JsonObject, type JsonValue } from '@callgate/canonical';
import { compilePolicy, PolicyError, type ArgumentKind, type CompiledKind, type KindSchema } from '@callgate/policy';

import { InputError } from '../errors.ts';

/** Keys of an envelope's value that are not the kind's own. */
const SHARED_KEYS: ReadonlySet<string> = new Set(['kind', 'optional', 'message']);

/**
 * Compiles a kind with the specification that an envelope would give it; `kind`, `optional` and `message` may be in it and say
 * nothing here.
 *
 * @throws {InputError} with everything that is wrong with it, in the words of the policy's loader
 */
export async function compileSpecification(kind: ArgumentKind, specification: JsonObject): Promise<CompiledKind> {
  await kind.load?.();
  const own = Object.fromEntries(Object.entries(specification).filter(([key]) => !SHARED_KEYS.has(key)));
  checkInPolicy(kind, own);
  return kind.compile(kind.specification.parse(own, { jitless: true }), (pointer, expected, got) => {
    throw new InputError(`specification of \`${kind.name}\`: expected ${expected} at \`${pointer}\`, got ${got}`);
  });
}

/** A policy that uses the kind says all that is wrong, with the nearest known keys. */
function checkInPolicy(kind: ArgumentKind, own: Readonly<Record<string, JsonValue>>): void {
  const value: KindSchema = { ...own, kind: kind.name };
  const tools = { t: { ring: 1, arguments: { value } } } as const;
  try {
    compilePolicy({ callgate: 1, name: kind.name, version: '1', servers: { s: { tools } } }, { kinds: [kind] });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const base = ['servers', 's', 'tools', 't', 'arguments', 'value'].reduce(appendPointer, '');
    const lines = error.issues.map(({ pointer, message }) => {
      const place = pointer.startsWith(base) ? pointer.slice(base.length) : pointer;
      return place === '' ? message : `at \`${place}\`: ${message}`;
    });
    throw new InputError(`specification of \`${kind.name}\`: ${lines.join('\n')}`, { cause: error });
  }
}
