import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ValueFinding } from '../inspect/rules.ts';
import { contentBlocks, structuredContent } from './tool-result.ts';

/** Reports blocks of a kind that is not in `allowed`; `structured` stands for structured content. */
export function checkKinds(
  result: JsonValue,
  allowed: ReadonlySet<string>,
  report: (finding: ValueFinding) => void,
): void {
  const refuse = (pointer: string): void => report({ ...KIND, pointer });
  for (const { index, kind } of contentBlocks(result)) if (!allowed.has(kind)) refuse(`/content/${index}`);
  if (structuredContent(result) !== undefined && !allowed.has('structured')) refuse('/structuredContent');
}

const KIND = {
  rule: 'shape.content-kind',
  severity: 'high',
  reason: 'content of a kind that policy does not accept here',
  treatment: 'reject',
} as const;

/** Whether a MIME type, without its parameters, fits one of some patterns in which `*` stands for any run. */
export type MimeTypeTest = (mimeType: string) => boolean;

export function mimeTypeTest(patterns: readonly string[]): MimeTypeTest {
  const parts = patterns.map((pattern) => pattern.toLowerCase().split('*'));
  return (mimeType) => {
    const bare = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return parts.some((part) => fits(bare, part));
  };
}

/** Takes each part at its first place: what fits at all fits so, in one pass. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** Reports pictures, sound and resources whose MIME type does not fit, or that have none. */
export function checkMimeTypes(
  result: JsonValue,
  isAccepted: MimeTypeTest,
  report: (finding: ValueFinding) => void,
): void {
  for (const { index, kind, block } of contentBlocks(result)) {
    const mimeType = mimeTypeOf(kind, block);
    if (mimeType !== undefined && !isAccepted(mimeType)) report({ ...MIME_TYPE, pointer: `/content/${index}` });
  }
}

const MIME_TYPE = {
  rule: 'shape.mime-type',
  severity: 'high',
  reason: 'content of a MIME type that policy does not accept here',
  treatment: 'reject',
} as const;

/** The MIME type of a block; undefined for text, and for links that say nothing and bring nothing. */
function mimeTypeOf(kind: string, block: JsonObject): string | undefined {
  switch (kind) {
    case 'image':
    case 'audio':
      return textIn(block, 'mimeType') ?? '';
    case 'resource_link':
      return textIn(block, 'mimeType');
    case 'resource': {
      const resource = own(block, 'resource');
      if (!isJsonObject(resource)) return '';
      return (
        textIn(resource, 'mimeType') ?? (Object.hasOwn(resource, 'blob') ? 'application/octet-stream' : 'text/plain')
      );
    }
    default:
      return undefined;
  }
}

function textIn(object: JsonObject, name: string): string | undefined {
  const text = own(object, name);
  return typeof text === 'string' ? text : undefined;
}
