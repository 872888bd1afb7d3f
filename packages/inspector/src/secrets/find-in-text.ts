import type { JsonValue } from '@callgate/canonical';

import { createInspectorWith, type Inspector } from '../inspect/inspector.ts';
import { SECRETS_DETECTOR } from './secrets-detector.ts';

/** A secret in a text. It says where, never what. */
export interface FoundSecret {
  /** Stable id, `secrets.<name>`. */
  readonly rule: string;
  /** UTF-16 code units into the text. */
  readonly start: number;
  readonly end: number;
}

/** A secret in a value that holds texts. */
export interface PlacedSecret extends FoundSecret {
  /** JSON pointer (RFC 6901) of the string, or of the member whose name it is; `""` for the whole value. */
  readonly pointer: string;
}

/** More secrets in one file are told of by the first. */
const MAX_FOUND = 10_000;

let made: Inspector | undefined;

/** Made when it is first asked for: most hosts never do. */
function inspector(): Inspector {
  made ??= createInspectorWith({ treatments: { secrets: 'flag' }, maxFindings: MAX_FOUND }, [SECRETS_DETECTOR]);
  return made;
}

/**
 * Finds secrets in a text: a configuration file, or an argument that is sent out. Text that takes more work than is granted is reported as a
 * whole, under the rule `budget.fuel`: what it holds is unknown.
 *
 * @returns places in the order of the text; empty when there are none
 */
export function findSecrets(text: string): readonly FoundSecret[] {
  return inspector()
    .inspect(text, { surface: 'configuration' })
    .findings.map(({ rule, start, end, kind }) =>
      kind === 'secrets' ? { rule, start, end } : { rule, start: 0, end: text.length },
    );
}

/**
 * Finds secrets in a value: the arguments of a call. Values that are secret by the name of their member are found, and so is what is encoded. A value
 * that takes more work than is granted is reported under the rule `budget.fuel`, and one that nests too deep under that of its depth.
 *
 * @returns places in the order of the value; empty when there are none
 */
export function findSecretsIn(value: JsonValue): readonly PlacedSecret[] {
  return inspector()
    .inspect(value, { surface: 'arguments' })
    .findings.map(({ rule, pointer, start, end }) => ({
      rule,
      pointer,
      start,
      end,
    }));
}
