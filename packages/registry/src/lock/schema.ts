import { isDigest, type Digest, type JsonObject, type JsonValue } from '@callgate/canonical';
import { z } from 'zod';

import { ITEM_KINDS } from '../manifest/manifest.ts';
import { LOCK_VERSION, type Lock } from './lock.ts';

const MAX_SERVERS = 10_000;
const MAX_ITEMS = 50_000;
const MAX_TEXT = 10_000;

const text = z.string().min(1).max(MAX_TEXT);
const name = z.string().max(100_000);
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/u)
  .refine(isDigest) as unknown as z.ZodType<Digest>;
const kind = z.enum(ITEM_KINDS);
// Any JSON: what a server advertises is checked by its digest, not by its shape.
const definition = z.unknown().refine((value) => value !== undefined, 'a value') as z.ZodType<JsonValue>;

const approval = {
  by: text.max(200).describe('Who approved: a person or a team'),
  at: z.iso.datetime().describe('When, in UTC'),
  reason: text.exactOptional(),
};

const identity = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('url'),
    origin: text.describe('Scheme, host and port'),
    publicKeys: z.array(digest).max(100).describe('SHA-256 of the public keys it may have; empty: not pinned'),
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: text,
    args: z.array(z.string().max(MAX_TEXT)).max(10_000),
    executable: digest.nullable().describe('Of the file that is started; null: not pinned'),
    script: digest.nullable().describe('Of the script that an interpreter is given; null: not pinned'),
    package: z
      .strictObject({
        registry: z.literal('npm'),
        name: text,
        version: text.nullable().describe('Null: not resolved'),
        integrity: z
          .string()
          .regex(/^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/u)
          .max(200)
          .nullable()
          .describe('As lockfiles have it; null: not resolved'),
      })
      .nullable(),
  }),
]);

const item = { kind, name, digest, definition };

const server = z.strictObject({
  name: text.describe('As the policy has it'),
  covers: z.array(kind).max(ITEM_KINDS.length).describe('The kinds of item that are pinned'),
  identity: z.strictObject({ approved: z.strictObject(approval), pinned: identity }).nullable(),
  manifest: digest.describe('Of all pinned items'),
  pinned: z.array(z.strictObject({ ...item, approved: z.strictObject(approval) })).max(MAX_ITEMS),
  pending: z
    .strictObject({
      identity: identity.exactOptional(),
      items: z.array(z.strictObject(item)).max(MAX_ITEMS),
      removed: z.array(z.strictObject({ kind, name })).max(MAX_ITEMS),
    })
    .nullable()
    .describe('What was seen and nobody approved yet'),
});

const lockSchema = z.strictObject({
  callgateLock: z.literal(LOCK_VERSION),
  servers: z.array(server).max(MAX_SERVERS),
  revoked: z.array(z.strictObject({ digest, ...approval })).max(MAX_SERVERS),
});

/** The JSON Schema (draft 2020-12) of `callgate.lock.json`, generated from the schema that the parser uses. */
export function lockJsonSchema(): JsonObject {
  return z.toJSONSchema(lockSchema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
}

/** A lock as far as its shape goes, or what is wrong with it. */
export type LockShape = { readonly lock: Lock } | { readonly issues: readonly z.core.$ZodIssue[] };

/** Reads the shape of a lock; whether its digests belong to its definitions is another question. */
export function readLockShape(value: JsonValue): LockShape {
  // jitless: no code is generated from or run over foreign data
  const parsed = lockSchema.safeParse(value, { jitless: true });
  if (!parsed.success) return { issues: parsed.error.issues };
  const { servers, revoked } = parsed.data;
  return { lock: { servers, revoked } };
}
