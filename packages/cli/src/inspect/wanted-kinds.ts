import { excerpt } from '@callgate/canonical';
import { FINDING_KINDS, createInspector, type Detector, type FindingKind, type Inspector } from '@callgate/inspector';
import { RESULT_CLASSES } from '@callgate/policy';

import { didYouMean } from '../arguments/nearest-word.ts';
import type { OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';

/** The kinds that texts are searched for: shape and size need rules, `custom` the host's detectors. */
export const SEARCHED_KINDS: readonly FindingKind[] = FINDING_KINDS.filter(
  (kind) => kind !== 'shape' && kind !== 'size' && kind !== 'custom',
);

/**
 * The option `--only`.
 *
 * @param byDefault what is looked for without it, in words
 */
export function onlyOption(byDefault: string): OptionSpec {
  return {
    kind: 'text',
    placeholder: 'kinds',
    description: `what to look for, of ${SEARCHED_KINDS.join(', ')}; several by commas (default ${byDefault})`,
  };
}

/**
 * The kinds that `--only` names, or those of `byDefault`.
 *
 * @throws {UsageError} for a kind that is not known, naming the nearest
 */
export function wantedKinds(
  command: string,
  only: string | undefined,
  byDefault: readonly FindingKind[],
): ReadonlySet<FindingKind> {
  if (only === undefined) return new Set(byDefault);
  return new Set(
    only.split(',').map((word) => {
      const name = word.trim();
      const kind = SEARCHED_KINDS.find((candidate) => candidate === name);
      if (kind !== undefined) return kind;
      const all = SEARCHED_KINDS.map((one) => `\`${one}\``).join(', ');
      const guess = didYouMean(name, SEARCHED_KINDS) || `; expected one of ${all}`;
      throw new UsageError(command, `unknown kind \`${excerpt(name)}\`${guess}`);
    }),
  );
}

/** An inspector that looks for these kinds, and masks every class of personal data where that is one of them. */
export function inspectorOf(detectors: readonly Detector[], kinds: ReadonlySet<FindingKind>): Inspector {
  const wanted = detectors.filter(({ kind }) => kinds.has(kind) || kind === 'custom');
  const categories = kinds.has('pii')
    ? Object.fromEntries(RESULT_CLASSES.map((name) => [name, 'redact' as const]))
    : {};
  return createInspector({ detectors: wanted, treatments: { pii: kinds.has('pii') ? 'redact' : 'off' }, categories });
}
