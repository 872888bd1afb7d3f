import type { JsonObject } from '@callgate/canonical';

import type { Finding } from '../finding.ts';
import { createInspectorWith, type Inspector } from '../inspect/inspector.ts';
import { INVISIBLE_DETECTOR } from '../invisible/invisible-detector.ts';
import { definitionFinding } from './definition-finding.ts';
import type { DefinitionText } from './texts.ts';

/** Characters that nobody sees and nobody types, outside of the scripts and emoji that have a use for them. */
const HIDDEN: ReadonlySet<string> = new Set(['invisible.tags', 'invisible.bidi', 'invisible.zero-width']);

const BEYOND_ASCII = /[\u0080-\u{10ffff}]/u;

let inspector: Inspector | undefined;

/**
 * Finds texts of a definition that hold what a person who approves it does not see. In a result it would be masked; whoever writes it into a
 * definition shows one thing to people and another to models.
 */
export function checkHidden(definition: JsonObject, texts: readonly DefinitionText[]): readonly Finding[] {
  if (!texts.some(({ text }) => BEYOND_ASCII.test(text))) return [];
  // All of them: many harmless ones must not hide the one that counts. Fuel bounds how many there are.
  const maxFindings = Number.MAX_SAFE_INTEGER;
  inspector ??= createInspectorWith({ treatments: { invisible: 'flag' }, maxFindings }, [INVISIBLE_DETECTOR]);
  const { findings } = inspector.inspect(definition, { surface: 'definition' });
  const hidden = findings.filter(
    ({ kind, rule, severity }) =>
      kind === 'invisible' && severity !== 'low' && (HIDDEN.has(rule) || severity === 'high'),
  );
  return [...new Set(hidden.map(({ pointer }) => pointer))].map((pointer) =>
    definitionFinding('definition.hidden-characters', 'high', pointer),
  );
}
