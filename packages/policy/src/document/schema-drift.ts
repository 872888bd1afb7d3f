import type * as z from 'zod';

import { DEFAULT_DRIFT_RULES, DRIFT_CHOICES, DRIFT_RULES, type DriftRule } from '../drift/drift-rules.ts';
import { closed, words } from './schema-parts.ts';
import type { DriftDocument } from './types.ts';

/** What each class is about, in a few words; docs/reference/lock.md has all of it. */
const FINDS: Readonly<Record<DriftRule, string>> = {
  wording: 'Text, icons or examples that differ: what a model reads',
  'schema-narrowed': 'An input schema that takes less',
  'schema-widened': 'An input schema that takes more',
  'schema-changed': 'An input schema whose change has no known direction',
  'required-added': 'An argument that has to be given now',
  'optional-added': 'An argument that may be given now',
  'removed-property': 'An argument that is gone',
  'annotation-relaxed': 'A hint that makes a tool look safer than it did',
  'annotation-flip': 'A hint that makes a tool look no safer',
  'output-changed': 'Another output schema',
  added: 'Something that nobody approved',
  removed: 'Something approved that is not advertised any more',
  renamed: 'Something added that is, or nearly is, something removed',
  'instructions-changed': 'Other instructions of the server',
  'identity-changed': 'Another server, or one whose locked identity was not verified',
  'protocol-changed': 'Another version of the protocol',
  'capabilities-changed': 'Other capabilities of the server',
  'server-info-changed': 'Another version, title or icon of the server',
  other: 'Any other member of a definition that differs',
  unseen: 'Something approved of a kind that could not be listed',
};

/** What is done about differences from the lock. */
export const driftSchema: z.ZodType<DriftDocument> = closed(
  Object.fromEntries(
    DRIFT_RULES.map((name) => [
      name,
      words(...DRIFT_CHOICES)
        .describe(`${FINDS[name]}; default: \`${DEFAULT_DRIFT_RULES[name]}\``)
        .exactOptional(),
    ]),
  ),
  'an object of classes of drift',
)
  .refine((drift) => Object.keys(drift).length > 0, { error: 'at least one class' })
  .meta({ id: 'drift' });
