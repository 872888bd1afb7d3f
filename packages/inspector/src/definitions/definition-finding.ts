import type { Finding } from '../finding.ts';

/** Id of a rule of definitions. */
export type DefinitionRule =
  | 'definition.scattered'
  | 'definition.combined'
  | 'definition.context-parameter'
  | 'definition.cross-reference'
  | 'definition.other-tool'
  | 'definition.read-only-lie'
  | 'definition.harmless-lie'
  | 'definition.disguised-name'
  | 'definition.lookalike-name'
  | 'definition.same-name'
  | 'definition.similar-name'
  | 'definition.hidden-characters'
  | 'definition.padding'
  | 'definition.comment'
  | 'definition.preset-recipient';

/** Rules of definitions, with what each is, for people. */
export const DEFINITION_RULES: Readonly<Record<DefinitionRule, string>> = Object.freeze({
  'definition.scattered': 'read together, its texts are instructions to a model, spread over several fields',
  'definition.combined': 'it reads a little like instructions to a model, and its form is suspicious too',
  'definition.context-parameter': 'a parameter asks for a conversation, a prompt or files that the tool has no use for',
  'definition.cross-reference': 'it says how tools of another server are to be used, or is to be used in their place',
  'definition.other-tool': 'it says what is to happen when other tools are used',
  'definition.read-only-lie': 'its annotations say that it only reads, and its name says that it deletes or writes',
  'definition.harmless-lie': 'its annotations say that it destroys nothing, and its name says that it does',
  'definition.disguised-name': 'its name is drawn like another and is not it',
  'definition.lookalike-name': 'its name looks like that of a tool of another server',
  'definition.same-name': 'a tool of another server has the same name',
  'definition.similar-name': 'its name differs by one character from that of a tool of another server',
  'definition.hidden-characters': 'it holds characters that a person does not see, and a model reads',
  'definition.padding': 'its text goes on behind a gap that pushes it out of sight',
  'definition.comment': 'its text holds a comment that a person is not shown',
  'definition.preset-recipient': 'a parameter for a recipient has an address preset',
});

/** A finding about a definition. Its kind is that of instruction-like text, so that one treatment is of both. */
export function definitionFinding(
  rule: DefinitionRule,
  severity: 'low' | 'high',
  pointer: string,
  part: Finding['part'] = 'value',
): Finding {
  return {
    rule,
    kind: 'instructions',
    severity,
    pointer,
    part,
    start: 0,
    end: 0,
    layers: [],
    reason: DEFINITION_RULES[rule],
  };
}
