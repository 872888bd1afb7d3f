import { appendPointer, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Finding } from '../finding.ts';
import { definitionFinding } from './definition-finding.ts';

/** Parameters looked at, however they nest. */
const MAX_PARAMETERS = 4_096;
const MAX_TEXT = 4_096;

/** Names of parameters that carry what is none of a tool's business. */
const CONTEXT_NAMES =
  /^(?:side_?note|(?:full_?|entire_?|whole_?|previous_?)?(?:conversation|chat)(?:_?(?:history|context|log))?|chat_?log|system_?prompts?|(?:full|session|all)_?context|(?:all|previous|prior)_?messages|(?:original|users?)_?prompt)$/iu;

/** Texts of parameters that ask for it. */
const ASKS =
  /(?:(?:full|entire|whole|complete|verbatim|all)\s+(?:\w+\s+){0,2}(?:conversation|chat|context|history|messages|prompt)|system\s+prompt|conversation\s+(?:history|so\s+far)|previous\s+messages|everything\s+(?:that\s+)?(?:the\s+user|was)\s+(?:has\s+)?(?:said|wrote|written|typed)|contents?\s+of\s+(?:the\s+)?(?:file|`?[~./])|(?:your|the)\s+(?:api\s+keys?|credentials|environment\s+variables|instructions))/iu;

/** Texts of parameters that ask for what no tool has a use for: the prompt of the model, and secrets that are not its own. */
const ASKS_SECRETS =
  /\byour\s+(?:own\s+)?(?:(?:full|entire|complete|initial|original|hidden|current)\s+){0,2}(?:system\s+(?:prompt|message|instructions)|(?<=(?:full|entire|complete|initial|original|hidden)\s)(?:prompt|instructions))|\b(?:credentials|secrets|passwords|(?:access\s+)?tokens|api\s+keys|cookies)\b[^.\n]{0,40}\b(?:(?:of|from|for)\s+(?:any\s+|all\s+|the\s+)?other|that\s+(?:(?:were|was|are|have\s+been)\s+(?:mentioned|found|seen|used|shared|given|stored)|you\s+(?:have|know|can))|mentioned|in\s+(?:the\s+|this\s+)?(?:conversation|chat|context|session))|\b(?:any|all)\s+(?:of\s+the\s+)?(?:credentials|secrets|passwords|api\s+keys|access\s+tokens)\b[^.\n]{0,40}\b(?:found|seen|available|known|user)/iu;

/** Presets that a program, or a model, is to fill with what it knows. */
const ASKS_BY_PRESET =
  /(?:\{\{?|\$\{|<|\[)\s{0,2}(?:system_?\s?prompt|conversation|chat_?\s?history|all_?messages|env(?:ironment)?(?:_?variables)?|secrets?|credentials?)\s{0,2}(?:\}|>|\])/iu;

/** Words in a text that ask for something to be put there. */
const DEMANDS =
  /\b(?:include|pass|put|insert|paste|provide|must|always|required|copy|append|dump|write|verbatim|everything|word\s+for\s+word)\b/iu;

const RECIPIENTS =
  /^(?:bcc|cc|recipient|to|forward_?to|webhook(?:_?url)?|callback(?:_?url)?|notify(?:_?url)?|reply_?to)$/iu;
const ADDRESS = /^(?:https?:\/\/|mailto:)?\S{1,64}(?:@|:\/\/)\S{3,}/iu;

/** Finds parameters that are there to carry data out: a conversation, prompts, files, or a recipient that is set already. */
export function checkParameters(definition: JsonObject): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { name, schema, pointer, about } of parametersOf(own(definition, 'inputSchema'))) {
    const description = own(schema, 'description');
    const text = typeof description === 'string' ? description.slice(0, MAX_TEXT) : '';
    const isNamed = CONTEXT_NAMES.test(name);
    const isAsked = ASKS.test(text) && DEMANDS.test(text);
    const preset = own(schema, 'default') ?? own(schema, 'const');
    const isPreset = typeof preset === 'string' && ASKS_BY_PRESET.test(preset.slice(0, MAX_TEXT));
    const isSecret = ASKS_SECRETS.test(text) && (DEMANDS.test(text) || /^\s*(?:all|any|every)\b/iu.test(text));
    if (isNamed || isSecret || isPreset || (isAsked && about !== 'prompt')) {
      const severity = isSecret || isPreset || (isNamed && isAsked) ? 'high' : 'low';
      findings.push(definitionFinding('definition.context-parameter', severity, pointer));
    }
    if (RECIPIENTS.test(name) && typeof preset === 'string' && ADDRESS.test(preset)) {
      findings.push(definitionFinding('definition.preset-recipient', 'low', pointer));
    }
  }
  return findings;
}

interface Parameter {
  readonly name: string;
  readonly schema: JsonObject;
  readonly pointer: string;
  /** What kind of thing it is about: prompts are about prompts. */
  readonly about: 'prompt' | undefined;
}

function* parametersOf(schema: JsonValue | undefined): Generator<Parameter> {
  const open: { readonly schema: JsonValue; readonly pointer: string }[] = [];
  if (schema !== undefined) open.push({ schema, pointer: '/inputSchema' });
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isJsonObject(next.schema)) continue;
    const properties = own(next.schema, 'properties');
    const items = own(next.schema, 'items');
    if (items !== undefined) open.push({ schema: items, pointer: `${next.pointer}/items` });
    if (properties === undefined || !isJsonObject(properties)) continue;
    for (const [name, own_] of Object.entries(properties)) {
      if ((seen += 1) > MAX_PARAMETERS) return;
      if (!isJsonObject(own_)) continue;
      const pointer = appendPointer(`${next.pointer}/properties`, name);
      yield { name, schema: own_, pointer, about: /prompt|message|query|text/iu.test(name) ? 'prompt' : undefined };
      open.push({ schema: own_, pointer });
    }
  }
}
