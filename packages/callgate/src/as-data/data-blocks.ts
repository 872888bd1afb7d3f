import { canonicalize, deepFreeze, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

/** One part of a result. What is no text is named, with its size, and not shown. */
export type DataBlock =
  | { readonly kind: 'text'; readonly text: string; readonly role?: string }
  | { readonly kind: 'structured'; readonly value: JsonValue }
  | { readonly kind: 'link'; readonly uri: string; readonly name?: string }
  | {
      readonly kind: 'resource';
      readonly uri: string;
      readonly text?: string;
      readonly mimeType?: string;
      readonly base64Length?: number;
    }
  | {
      readonly kind: 'media';
      readonly media: 'image' | 'audio';
      readonly mimeType?: string;
      readonly base64Length: number;
    };

/** The parts of a result, in its order: content of tools, messages of prompts, contents of resources. Frozen. */
export function blocksOf(result: JsonObject): readonly DataBlock[] {
  const parts = [
    ...itemsOf(result, 'content').map((item) => contentBlock(item)),
    ...itemsOf(result, 'messages').flatMap(messageBlocks),
    ...itemsOf(result, 'contents').map((item) => (isJsonObject(item) ? resourceBlock(item) : structured(item))),
  ];
  const value = own(result, 'structuredContent');
  if (value !== undefined && !parts.some((part) => repeats(part, value))) parts.push(structured(value));
  return deepFreeze(parts.length > 0 ? parts : [structured(result)]);
}

function itemsOf(result: JsonObject, member: string): readonly JsonValue[] {
  const items = own(result, member);
  return Array.isArray(items) ? (items as readonly JsonValue[]) : [];
}

function structured(value: JsonValue): DataBlock {
  return { kind: 'structured', value };
}

/** A prompt's message has one item of content, or (2026-07-28) several. */
function messageBlocks(message: JsonValue): readonly DataBlock[] {
  const content = isJsonObject(message) ? own(message, 'content') : undefined;
  if (!isJsonObject(message) || content === undefined) return [structured(message)];
  const role = own(message, 'role');
  const items = Array.isArray(content) ? (content as readonly JsonValue[]) : [content];
  return items.map((item) => contentBlock(item, typeof role === 'string' ? role : undefined));
}

function contentBlock(item: JsonValue, role?: string): DataBlock {
  if (typeof item === 'string') return textBlock(item, role);
  if (!isJsonObject(item)) return structured(item);
  const type = own(item, 'type');
  const text = own(item, 'text');
  const resource = own(item, 'resource');
  if (type === 'text' && typeof text === 'string') return textBlock(text, role);
  if (type === 'resource' && resource !== undefined && isJsonObject(resource)) return resourceBlock(resource);
  if (type === 'image' || type === 'audio') {
    return { kind: 'media', media: type, ...textMember(item, 'mimeType'), base64Length: lengthOf(own(item, 'data')) };
  }
  const uri = own(item, 'uri');
  if (type === 'resource_link' && typeof uri === 'string') return { kind: 'link', uri, ...textMember(item, 'name') };
  return structured(item);
}

function textBlock(text: string, role: string | undefined): DataBlock {
  return { kind: 'text', text, ...(role === undefined ? {} : { role }) };
}

function resourceBlock(resource: JsonObject): DataBlock {
  const uri = own(resource, 'uri');
  if (typeof uri !== 'string') return structured(resource);
  const blob = own(resource, 'blob');
  return {
    kind: 'resource',
    uri,
    ...textMember(resource, 'text'),
    ...textMember(resource, 'mimeType'),
    ...(blob === undefined ? {} : { base64Length: lengthOf(blob) }),
  };
}

function textMember<Name extends string>(from: JsonObject, name: Name): { readonly [Key in Name]?: string } {
  const value = own(from, name);
  return typeof value === 'string' ? ({ [name]: value } as { readonly [Key in Name]?: string }) : {};
}

function lengthOf(value: JsonValue | undefined): number {
  return typeof value === 'string' ? value.length : 0;
}

/** Whether a text says in JSON what the structured content says (MCP, tools: servers should repeat it as text). */
function repeats(block: DataBlock, value: JsonValue): boolean {
  if (block.kind !== 'text') return false;
  try {
    return canonicalize(JSON.parse(block.text) as JsonValue) === canonicalize(value);
  } catch {
    return false;
  }
}
