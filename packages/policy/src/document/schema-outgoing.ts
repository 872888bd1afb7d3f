import type * as z from 'zod';

import { DEFAULT_OUTGOING_RULES, OUTGOING_CHOICES } from '../outgoing/outgoing-rules.ts';
import { closed, words } from './schema-parts.ts';
import type { OutgoingDocument } from './types.ts';

/** How what is sent to a server is inspected. */
export const outgoingSchema: z.ZodType<OutgoingDocument> = closed(
  {
    secrets: words(...OUTGOING_CHOICES).describe(
      `What is done about credentials in arguments; default: \`${DEFAULT_OUTGOING_RULES.secrets}\``,
    ),
  },
  'an object with `secrets`',
).meta({ id: 'outgoing' });
