import { appendPointer } from '@callgate/canonical';

import type { Ring, ToolEffect } from '../decision.ts';
import type { EnvelopeDocument, WhoDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';
import { lintValues } from './lint-values.ts';

/** What tools and methods have in common. */
export interface LintedEntry {
  readonly ring: Ring;
  readonly effect: ToolEffect | undefined;
  readonly who: WhoDocument | undefined;
  readonly envelope: EnvelopeDocument | undefined;
  /** The key that the envelope stands under. */
  readonly key: 'arguments' | 'params';
  /** The argument that holds other calls, which are judged as calls of their own. */
  readonly carrier?: string | undefined;
}

/** Looks at what every entry that is judged by ring and envelope says. */
export function lintEntry(subject: string, entry: LintedEntry, pointer: string, findings: Findings): void {
  lintEnvelope(subject, entry, pointer, findings);
  lintEffect(subject, entry, pointer, findings);
  lintWho(subject, entry.who, appendPointer(pointer, 'who'), findings);
}

function lintEnvelope(
  subject: string,
  { ring, envelope, key, carrier }: LintedEntry,
  pointer: string,
  findings: Findings,
): void {
  const at = appendPointer(pointer, key);
  if (envelope === undefined) {
    if (ring === 0) return;
    const message = `${subject} is of ring ${ring} and has no envelope: every call of it is denied`;
    findings.add('envelope-missing', pointer, message, `add \`${key}\`, or \`${key}: any\` where any will do`);
    return;
  }
  if (envelope !== 'any') {
    lintValues(subject, { ring, carrier }, envelope, at, findings);
    return;
  }
  if (ring < 2) return;
  findings.add('arguments-any', at, `${subject} is of ring ${ring} and accepts any ${key}`, `list the ${key} it needs`);
}

/** The ring that an effect belongs to at least: ring 1 is a narrow read, 2 a bounded write, 3 destructive. */
const LEAST_RING: Readonly<Record<ToolEffect, Ring>> = { read: 0, write: 2, destructive: 3 };

function lintEffect(subject: string, { ring, effect }: LintedEntry, pointer: string, findings: Findings): void {
  if (effect === undefined || ring >= LEAST_RING[effect]) return;
  const message = `${subject} is ${effect} at ring ${ring}: it lacks the guards of ring ${LEAST_RING[effect]}`;
  findings.add('ring-below-effect', appendPointer(pointer, 'ring'), message, `set \`ring: ${LEAST_RING[effect]}\``);
}

function lintWho(subject: string, who: WhoDocument | undefined, pointer: string, findings: Findings): void {
  for (const [dimension, names] of Object.entries(who ?? {}) as [keyof WhoDocument, readonly string[]][]) {
    const index = names.findIndex((name) => /^\*+$/u.test(name));
    if (index === -1) continue;
    const at = appendPointer(appendPointer(pointer, dimension), index);
    const others = names.length > 1 ? ', whatever else is listed' : '';
    const message = `${subject} is open to all ${dimension}${others}: \`*\` only asks that there is one`;
    findings.add('who-any', at, message, `name the ${dimension}, or remove \`${dimension}\``);
  }
}
