import type { JsonObject } from '@callgate/canonical';

import { StringWalk } from '../walk/string-walk.ts';

/** Code units of a definition that are read as one text. */
const MAX_UNITS = 262_144;

/** One string of a definition. */
export interface DefinitionText {
  readonly text: string;
  /** JSON pointer (RFC 6901) into the definition. */
  readonly pointer: () => string;
  readonly field: string | undefined;
}

/** Names of members that are keywords of schemas and of the protocol: what they hold is read, they are not. */
const SCHEMA_NAMES: ReadonlySet<string> = new Set([
  'type',
  '$schema',
  'format',
  'pattern',
  '$ref',
  'mimeType',
  'src',
  'uri',
  '$id',
]);

/** The strings of a definition that a model reads, in order: values, and names of parameters are left out. */
export function textsOf(definition: JsonObject): readonly DefinitionText[] {
  const walk = new StringWalk(definition);
  const texts: DefinitionText[] = [];
  let units = 0;
  while (walk.next() && units < MAX_UNITS) {
    const { part, text, field, isNumber } = walk;
    if (part === 'name' || isNumber || text.length < 4 || (field !== undefined && SCHEMA_NAMES.has(field))) continue;
    units += text.length;
    texts.push({ text, pointer: walk.place, field });
  }
  return texts;
}
