import { isJsonObject, own, type JsonObject } from '@callgate/canonical';

import type { Finding } from '../finding.ts';
import { definitionFinding } from './definition-finding.ts';
import { CHANGING, DESTROYING, wordsOf } from './verbs.ts';

/**
 * Finds annotations that the name of a tool belies. A verb at the start of the name counts, since `list_deleted_files` deletes nothing.
 */
export function checkAnnotations(definition: JsonObject): readonly Finding[] {
  const name = own(definition, 'name');
  const annotations = own(definition, 'annotations');
  if (typeof name !== 'string' || annotations === undefined || !isJsonObject(annotations)) return [];
  const words = wordsOf(name);
  const isDestroying = words.slice(0, 2).some((word, at) => DESTROYING.has(word) && (at === 0 || words.length > 2));
  const begins = DESTROYING.has(words[0] ?? '');
  const isChanging = CHANGING.has(words[0] ?? '');
  const findings: Finding[] = [];
  if (own(annotations, 'readOnlyHint') === true && (isDestroying || isChanging)) {
    findings.push(definitionFinding('definition.read-only-lie', begins ? 'high' : 'low', '/annotations/readOnlyHint'));
  }
  if (own(annotations, 'destructiveHint') === false && begins && words[0] !== 'write') {
    findings.push(definitionFinding('definition.harmless-lie', 'low', '/annotations/destructiveHint'));
  }
  return findings;
}
