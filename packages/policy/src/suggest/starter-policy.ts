import { appendPointer } from '@callgate/canonical';

import type { ServerIdentity } from '../call.ts';
import type { ArgumentSchema, PolicyDocument, ServerDocument, ToolDocument } from '../document/types.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { importInputSchema } from './import-schema.ts';
import { judgeEffect, type JudgedEffect } from './judge-effect.ts';
import { isListableName } from './listable.ts';
import { schemaAccepts } from './schema-accepts.ts';
import type { AnnotatedPolicy, PolicyNote } from './suggestion.ts';
import type { ToolDefinition } from './tool-definition.ts';
import { toolPointer } from './tool-profile.ts';

/** A server to write a starter policy for. */
export interface StarterServer {
  readonly name: string;
  readonly identity?: ServerIdentity | undefined;
  readonly tools: readonly ToolDefinition[];
}

/** What a starter policy is written with. */
export interface StarterOptions {
  /** The policy's name. Default `starter`. */
  readonly name?: string;
  /** Who approves what is held. Default `role:operator`. */
  readonly approver?: string;
  /** Folders that paths must lie in; default: relative paths only. */
  readonly roots?: readonly string[];
  /** The argument kinds that envelopes may name, loaded. Default none. */
  readonly kinds?: readonly ArgumentKind[];
}

/**
 * A first policy for servers of which only their tool definitions are known: reads are allowed within their schemas, what changes
 * something is held, what destroys is ring 3, and everything that is not named is denied. The definitions are hints of whoever wrote
 * the server: they make an entry more severe, never less.
 */
export function starterPolicy(servers: readonly StarterServer[], options: StarterOptions = {}): AnnotatedPolicy {
  const notes: PolicyNote[] = [];
  const entries: Record<string, ServerDocument> = {};
  for (const server of servers) entries[server.name] = new StarterWriter(server, options, notes).server();
  const document: PolicyDocument = { callgate: 1, name: options.name ?? 'starter', version: '1', servers: entries };
  return { document, notes };
}

class StarterWriter {
  readonly #server: StarterServer;
  readonly #options: StarterOptions;
  readonly #notes: PolicyNote[];

  constructor(server: StarterServer, options: StarterOptions, notes: PolicyNote[]) {
    this.#server = server;
    this.#options = options;
    this.#notes = notes;
  }

  server(): ServerDocument {
    const { name, identity, tools } = this.#server;
    const entries: Record<string, ToolDocument> = {};
    for (const tool of tools) {
      if (!isListableName(tool.name) || tool.name.includes('*')) {
        const message = 'a tool is left out, and so denied: its name may not stand in a policy';
        this.#notes.push({ pointer: `${appendPointer('/servers', name)}/tools`, message });
        continue;
      }
      entries[tool.name] = this.#tool(tool);
    }
    return { ...(identity === undefined ? {} : { identity }), trust: 'external', tools: entries };
  }

  #tool(tool: ToolDefinition): ToolDocument {
    const pointer = toolPointer(this.#server.name, tool.name);
    const judged = judgeEffect(tool.name, tool);
    const { effect, ring, why } = judged;
    this.#notes.push({ pointer, message: `${effect}: ${why}; ${consequenceOf(judged)}` });
    const isHeld = effect !== 'read' || ring === 3;
    return {
      ring,
      effect,
      arguments: this.#envelope(tool, `${pointer}/arguments`),
      ...(isHeld ? { approval: { by: [this.#options.approver ?? 'role:operator'] } } : {}),
    };
  }

  #envelope(tool: ToolDefinition, pointer: string): Readonly<Record<string, ArgumentSchema>> {
    const kinds = this.#options.kinds ?? [];
    const context = { roots: this.#options.roots ?? [], kinds: new Set(kinds.map((kind) => kind.name)) };
    const envelope: Record<string, ArgumentSchema> = {};
    for (const [name, { schema, why }] of Object.entries(importInputSchema(tool.inputSchema, context))) {
      const place = appendPointer(pointer, name);
      const loads = schemaAccepts(schema, [], kinds);
      this.#notes.push({
        pointer: place,
        message: loads ? why : 'its schema contradicts itself: text of any sort, until it is written by hand',
      });
      envelope[name] = loads
        ? schema
        : { type: 'string', maxLength: 1000, ...(schema.optional === true ? { optional: true } : {}) };
    }
    return envelope;
  }
}

/** What comes of an entry, in words. */
function consequenceOf({ effect, ring }: JudgedEffect): string {
  if (ring === 3) return 'ring 3: always held until somebody approves';
  if (effect !== 'read') return 'ring 2: held until somebody approves';
  return ring === 1
    ? 'ring 1: allowed within the envelope'
    : 'ring 2: allowed within the envelope, for callers who say who they are';
}
