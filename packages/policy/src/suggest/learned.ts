import type { ArgumentSchema } from '../document/types.ts';

/** What a profile says of its values: the schema, and why it is that. */
export interface Learned {
  readonly schema: ArgumentSchema;
  readonly why: string;
}
