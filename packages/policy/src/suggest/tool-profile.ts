import { appendPointer, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ArgumentSchema, EnvelopeDocument, ToolDocument } from '../document/types.ts';
import type { Ring } from '../decision.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { CallRates } from './call-rates.ts';
import { importInputSchema, type ImportedSchema } from './import-schema.ts';
import { judgeEffect, type JudgedEffect } from './judge-effect.ts';
import type { Learned } from './learned.ts';
import type { ObservedCall } from './observed-call.ts';
import { schemaAccepts } from './schema-accepts.ts';
import type { ToolDefinition } from './tool-definition.ts';
import { ObjectProfile, type LearnedContext } from './value-profile.ts';
import { WhoProfile } from './who-profile.ts';

/** Places of the arguments of one tool that are told apart. */
const MAX_PLACES = 1000;

/** Values of one argument that are kept to be compared with the server's schema, and how long they may be. */
const MAX_SAMPLES = 16;
const MAX_SAMPLE_LENGTH = 1000;

/** What the calls of one tool have in common. */
export class ToolProfile {
  calls = 0;
  /** Calls that were made in no run. */
  outsideRuns = 0;
  readonly rates: CallRates = new CallRates();
  readonly #kinds: ReadonlyMap<string, ArgumentKind>;
  readonly #effect: JudgedEffect;
  readonly #imported: ReadonlyMap<string, ImportedSchema>;
  readonly #samples = new Map<string, JsonValue[]>();
  readonly #who = new WhoProfile();
  readonly #arguments: ObjectProfile;

  constructor(name: string, definition: ToolDefinition | undefined, kinds: ReadonlyMap<string, ArgumentKind>) {
    this.#kinds = kinds;
    this.#effect = judgeEffect(name, definition);
    const imported = importInputSchema(definition?.inputSchema ?? {}, { roots: [], kinds: new Set(kinds.keys()) });
    this.#imported = new Map(Object.entries(imported));
    this.#arguments = new ObjectProfile({ kinds, placesLeft: MAX_PLACES }, 0);
  }

  see({ call, at }: ObservedCall): void {
    this.calls += 1;
    if (call.run === undefined) this.outsideRuns += 1;
    this.rates.see(call.run, at);
    this.#who.see(call.principal);
    const given = own(call.params, 'arguments');
    const args: JsonObject = isJsonObject(given) ? given : {};
    this.#arguments.see(args);
    for (const [name, value] of Object.entries(args)) this.#keepSample(name, value);
  }

  learned(context: LearnedContext, pointer: string): ToolDocument {
    const { effect } = this.#effect;
    const who = this.#who.learned((role) => context.callsOf(role));
    const ring = this.#ring();
    context.note({ pointer, message: this.#why(ring), seen: this.calls, of: this.calls });
    if (who !== undefined) context.note({ pointer: `${pointer}/who`, message: who.why });
    return {
      ring,
      effect,
      ...(who === undefined ? {} : { who: who.who }),
      arguments: this.#envelope(context, `${pointer}/arguments`),
    };
  }

  /** The ring that the tool belongs in, as far as the calls would have passed it. */
  #ring(): Ring {
    if (this.#who.unidentified > 0) return 1;
    return this.#effect.ring === 3 ? 2 : this.#effect.ring;
  }

  #why(ring: Ring): string {
    const { effect, ring: needed, why } = this.#effect;
    const { unidentified } = this.#who;
    const judged = `${effect}: ${why}`;
    if (ring === needed) return judged;
    if (unidentified > 0) {
      return `${judged}. It belongs in ring ${needed}, which refuses the ${unidentified} of these calls that say not who acts: let the host name a user, agent or workload, and raise it`;
    }
    return `${judged}. It belongs in ring 3, which holds every call until somebody approves: raise it, unless nobody has to`;
  }

  #envelope(context: LearnedContext, pointer: string): EnvelopeDocument {
    if (this.#arguments.hasRest) {
      const message =
        'more names than can be listed, or names that may not stand in a policy: write the envelope by hand';
      context.note({ pointer, message });
      return 'any';
    }
    const envelope = this.#arguments.properties(context, pointer, (name, learned) =>
      this.#withImported(name, learned, context),
    );
    const unused = [...this.#imported.keys()]
      .filter((name) => !Object.hasOwn(envelope, name))
      .map((name) => `\`${name}\``);
    if (unused.length > 0) {
      const listed = unused.slice(0, 8).join(', ');
      context.note({
        pointer,
        message: `in the server’s schema but in no call, so refused: ${listed}${unused.length > 8 ? ', …' : ''}`,
      });
    }
    return envelope;
  }

  /** Where there is too little to learn from, the server's own bounds, if what was seen is within them. */
  #withImported(name: string, learned: Learned, { leastSupport }: LearnedContext): Learned {
    const imported = this.#imported.get(name);
    const seen = this.#arguments.property(name)?.seen ?? 0;
    if (imported === undefined || seen >= leastSupport) return learned;
    const samples = this.#samples.get(name);
    const isWithin =
      imported.isBound &&
      samples?.length === seen &&
      schemaAccepts(imported.schema, samples, [...this.#kinds.values()]);
    const { schema, why } = isWithin
      ? { schema: imported.schema, why: `too few to learn from: ${imported.why}` }
      : learned;
    return { schema: imported.schema.optional === true ? { ...schema, optional: true } : withoutOptional(schema), why };
  }

  #keepSample(name: string, value: JsonValue): void {
    if (this.#imported.get(name)?.isBound !== true) return;
    const samples = this.#samples.get(name) ?? [];
    if (samples.length >= MAX_SAMPLES || JSON.stringify(value).length > MAX_SAMPLE_LENGTH) return;
    samples.push(value);
    this.#samples.set(name, samples);
  }
}

function withoutOptional(schema: ArgumentSchema): ArgumentSchema {
  const { optional: _, ...rest } = schema;
  return rest;
}

/** The pointer of a tool's entry. */
export function toolPointer(server: string, tool: string): string {
  return appendPointer(`${appendPointer('/servers', server)}/tools`, tool);
}
