import { parsePointer } from '@callgate/canonical';
import { Document, isMap, isPair, isScalar, isSeq, visit, type Pair } from 'yaml';

import type { AnnotatedPolicy, PolicyNote } from './suggestion.ts';

/** Keys whose values stand on one line. */
const FLOW_KEYS: ReadonlySet<unknown> = new Set(['identity', 'who', 'approval']);

/** Levels that are written as blocks: the document, its servers, their tools, a tool's keys, its arguments. */
const BLOCK_LEVELS = 7;

const LINE_WIDTH = 132;

/**
 * A policy as YAML, with its notes as comments above what they are about. Loads as the document itself does.
 *
 * @param header lines of comment at the top
 */
export function policyYaml({ document, notes }: AnnotatedPolicy, header: readonly string[] = []): string {
  // Schemas that are used twice are one object: aliases would hide that.
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  const comments = new Map<string, string[]>();
  for (const note of notes) comments.set(note.pointer, [...(comments.get(note.pointer) ?? []), noteText(note)]);
  for (const [pointer, texts] of comments) addComment(yaml, pointer, texts);
  visit(yaml, {
    Collection: (_key, node, path) => {
      const depth = path.filter((part) => isMap(part) || isSeq(part)).length;
      const holder = path.at(-1);
      const key = isPair(holder) && isScalar(holder.key) ? holder.key.value : undefined;
      const isListed = isSeq(holder) || (isSeq(node) && depth > 1);
      if (isListed || depth >= BLOCK_LEVELS - 1 || (depth === 5 && FLOW_KEYS.has(key))) node.flow = true;
      if (depth === 3 && key === 'identity') node.flow = true;
    },
  });
  yaml.commentBefore = header.length === 0 ? null : header.map(comment).join('\n');
  return yaml.toString({ lineWidth: LINE_WIDTH, flowCollectionPadding: true });
}

function addComment(yaml: Document, pointer: string, texts: readonly string[]): void {
  const path = parsePointer(pointer);
  // Inside of a schema, which stands on one line, there is no place for comments.
  if (path.length >= BLOCK_LEVELS) return;
  const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return;
  const pair = parent.items.find(
    (item): item is Pair => isPair(item) && isScalar(item.key) && String(item.key.value) === path.at(-1),
  );
  if (pair !== undefined && isScalar(pair.key)) pair.key.commentBefore = texts.map(comment).join('\n');
}

function noteText({ message, seen, of, distinct }: PolicyNote): string {
  if (seen === undefined) return message;
  const share = of === undefined || of === seen ? `${seen} seen` : `${seen} of ${of} seen`;
  const values = distinct === undefined ? '' : `, ${distinct} different`;
  return `${message} (${share}${values})`;
}

/** A line of comment: nothing in it may end the line, which some readers do at other characters than a line feed. */
function comment(text: string): string {
  return ` ${text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')}`;
}
