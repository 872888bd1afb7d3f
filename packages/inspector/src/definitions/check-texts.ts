import type { Finding } from '../finding.ts';
import { Fuel } from '../fuel.ts';
import { instructionsIn } from '../instructions/instruction-detector.ts';
import { definitionFinding, type DefinitionRule } from './definition-finding.ts';
import type { DefinitionText } from './texts.ts';
import type { ToolNames } from './tool-names.ts';

/** White space that pushes text out of sight. */
const PADDING = /[ \t\u00a0]{120}|(?:\r?\n[ \t]{0,8}){16}/u;

const COMMENT = /<!--|\[\/\/\]: #/u;

/** What is said about other tools, by those who do not know their names. */
const OTHER_TOOLS =
  /\b(?:when(?:ever)?|if|before|after|instead\s+of)\s+(?:using\s+|calling\s+|invoking\s+|the\s+|an?\s+)?(?:\([\w-]{1,32}\)\s+)?`?[a-z]{2,32}(?:_[a-z]{1,32}){1,6}`?\s+(?:tool\s+|function\s+)?(?:is|are|from|of)\s+(?:invoked|called|used|present|available|the\s+\w+\s+(?:mcp\s+)?server|another\s+server)/iu;

/** Orders for the calls of tools that are not its own. */
const ORDERED_CALLS =
  /\b(?:made|sent|done|created|executed|returned)\s+(?:with|by|via|through)\s+(?:the\s+)?[`'"]?[a-z]{2,32}(?:_[a-z]{1,32}){1,6}[`'"]?(?:\s+(?:tool|function))?\s+(?:should|must|shall|will|has\s+to|have\s+to|needs?\s+to)\b|\b(?:any|every|all|each)\s+(?:other\s+)?[`'"]?[a-z]{2,32}(?:_[a-z]{1,32}){1,6}[`'"]?\s+(?:operation|call|tool|function|request)s?\s+(?:should|must|shall|will|has\s+to|needs?\s+to)\b/iu;
const CHANGED_ARGUMENT =
  /\b(?:must|should|has\s+to|have\s+to|needs?\s+to)\s+(?:also\s+|first\s+|instead\s+)?be\s+(?:routed|redirected|forwarded|diverted|rerouted|copied|sent)\b|\b(?:argument|parameter|recipient|address|path|amount|destination)s?\b[^.\n]{0,40}\b(?:must|should|has\s+to|needs?\s+to)\s+be\s+(?:changed|replaced|modified|redirected|set\s+to)|\bchange\s+the\s+(?:recipient|argument|parameter|path|address|amount)/iu;

/** Orders for the calls of whatever other tools there are. */
const EVERY_OTHER_TOOL =
  /\b(?:every|all|any|each)\s+other\s+tools?(?:['’]s)?(?:\s+(?:calls?|results?|outputs?|arguments?|requests?))?\s+(?:must|should|shall|has\s+to|have\s+to|needs?\s+to)\b/iu;

/** A wish for what was said, whenever a tool is used. */
const WHOLE_CONTEXT =
  /\b(?:before|after|every|always|each|first)\b[^.\n]{0,80}\b(?:full|entire|whole|complete)\s+(?:conversation|chat\s+history|context|system\s+prompt)/iu;

/** Names of tools as they stand in texts: two words at least. */
const TOOL_NAME = /\b[A-Za-z][A-Za-z0-9]{1,63}(?:[_-][A-Za-z0-9]{1,63}){1,8}/gu;
const SHORTEST_NAME = 7;

/** Words that put one tool in the place of another, or between it and its caller. */
const ORDERS =
  /\b(?:instead|in\s+place|rather\s+than|replaces?|supersedes?|overrid\w+|deprecated|broken|insecure|unsafe|recipient|(?:do\s+not|don['’]?t|never|stop|avoid)\s+(?:use|using|call|calling)|(?:before|after|when|whenever|if)\s+(?:you\s+)?(?:use|using|call|calling|invoke|invoking)|must\s+(?:first|always|be|send|call|use|include))\b/iu;
const ORDER_REACH = 80;

/** How many texts of a definition are told of. */
const MAX_FINDINGS = 1_000;

/** What the texts of a definition are checked against. */
export interface TextContext {
  readonly server: string | undefined;
  readonly names: ToolNames | undefined;
}

/** Forms that are harmless alone, and are not beside words that read like instructions. */
const SUSPECT: ReadonlySet<string> = new Set<DefinitionRule>([
  'definition.padding',
  'definition.comment',
  'definition.other-tool',
  'definition.cross-reference',
  'definition.context-parameter',
  'definition.preset-recipient',
]);

/**
 * Checks the texts of a definition beside what detectors find in each: gaps, comments, other tools, and all of them together.
 *
 * @param before what was found in its form
 */
export function checkTexts(
  texts: readonly DefinitionText[],
  before: readonly Finding[],
  context: TextContext,
): readonly Finding[] {
  const findings: Finding[] = [];
  let isBad = false;
  for (const { text, pointer } of texts) {
    for (const { rule, severity } of formsIn(text, context)) {
      // Harmless ones hide none for which the definition is to be withheld.
      if (findings.length >= MAX_FINDINGS && (severity === 'low' || isBad)) continue;
      findings.push(definitionFinding(rule, severity, pointer()));
      isBad ||= severity === 'high';
    }
  }
  const { joined, seams } = joinedText(texts);
  const fuel = new Fuel();
  fuel.allow(joined.length);
  const matches = instructionsIn(joined, 'definition', fuel);
  const isScattered = matches.some(
    ({ severity, start, end }) => severity === 'high' && seams.some((seam) => seam > start && seam < end),
  );
  const isCombined = matches.length > 0 && [...before, ...findings].some(({ rule }) => SUSPECT.has(rule));
  return [
    ...findings,
    ...(isScattered ? [definitionFinding('definition.scattered', 'high', '')] : []),
    ...(isCombined ? [definitionFinding('definition.combined', 'high', '')] : []),
  ];
}

interface Form {
  readonly rule: DefinitionRule;
  readonly severity: 'low' | 'high';
}

function formsIn(text: string, context: TextContext): readonly Form[] {
  return [
    ...(PADDING.test(text) ? [{ rule: 'definition.padding', severity: 'low' } as const] : []),
    ...(COMMENT.test(text) ? [{ rule: 'definition.comment', severity: 'low' } as const] : []),
    ...otherTools(text),
    ...(WHOLE_CONTEXT.test(text) ? [{ rule: 'definition.context-parameter', severity: 'low' } as const] : []),
    ...references(text, context),
  ];
}

/** What a text says is to happen when other tools are used: high where it changes what they are given. */
function otherTools(text: string): readonly Form[] {
  const isEvery = EVERY_OTHER_TOOL.test(text);
  if (!isEvery && !OTHER_TOOLS.test(text) && !ORDERED_CALLS.test(text)) return [];
  return [{ rule: 'definition.other-tool', severity: CHANGED_ARGUMENT.test(text) ? 'high' : 'low' }];
}

function joinedText(texts: readonly DefinitionText[]): { readonly joined: string; readonly seams: readonly number[] } {
  const seams: number[] = [];
  let joined = '';
  for (const { text } of texts) {
    joined += `${text}\n`;
    seams.push(joined.length - 1);
  }
  return { joined, seams };
}

/** Tools of other servers that a text names. High where it gives orders about them. */
function references(text: string, { server, names }: TextContext): readonly Form[] {
  if (names === undefined || server === undefined) return [];
  let worst: readonly Form[] = [];
  for (const { 0: name, index } of text.matchAll(TOOL_NAME)) {
    if (name.length < SHORTEST_NAME || names.has(server, name) || names.otherServerOf(server, name) === undefined)
      continue;
    const around = text.slice(Math.max(0, index - ORDER_REACH), index + name.length + ORDER_REACH);
    if (ORDERS.test(around)) return [{ rule: 'definition.cross-reference', severity: 'high' }];
    worst = [{ rule: 'definition.cross-reference', severity: 'low' }];
  }
  return worst;
}
