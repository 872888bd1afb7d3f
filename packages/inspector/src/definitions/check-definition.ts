import { own, type JsonObject } from '@callgate/canonical';

import type { Finding } from '../finding.ts';
import { OutOfFuel } from '../fuel.ts';
import { checkAnnotations } from './check-annotations.ts';
import { checkHidden } from './check-hidden.ts';
import { checkParameters } from './check-parameters.ts';
import { checkTexts } from './check-texts.ts';
import { definitionFinding } from './definition-finding.ts';
import { isDisguised } from './skeleton.ts';
import { textsOf } from './texts.ts';
import type { ToolNames } from './tool-names.ts';

/** What a definition is checked against. */
export interface DefinitionContext {
  /** The server it is from. */
  readonly server?: string;
  /** The tools of all servers, as far as they are known. Nothing is added to it. */
  readonly names?: ToolNames;
}

/**
 * Checks the form of one definition: of a tool, a prompt, a resource or a template. What its texts say is the detectors' business. Never throws
 * for what a definition holds, and takes time in proportion to it.
 *
 * @returns findings of `low` severity, to report, and of `high`, for which it is to be withheld
 */
export function checkDefinition(definition: JsonObject, context: DefinitionContext = {}): readonly Finding[] {
  const { server, names } = context;
  const name = own(definition, 'name');
  const findings = [
    ...(typeof name === 'string' ? checkName(name, context) : []),
    ...checkAnnotations(definition),
    ...checkParameters(definition),
  ];
  try {
    const texts = textsOf(definition);
    return [...findings, ...checkHidden(definition, texts), ...checkTexts(texts, findings, { server, names })];
  } catch (error) {
    if (!(error instanceof OutOfFuel)) throw error;
    return [
      ...findings,
      { ...definitionFinding('definition.scattered', 'high', ''), rule: 'budget.fuel', kind: 'size' },
    ];
  }
}

function checkName(name: string, { server, names }: DefinitionContext): readonly Finding[] {
  const clash = server === undefined ? undefined : names?.clashOf(server, name);
  return [
    ...(isDisguised(name) ? [definitionFinding('definition.disguised-name', 'high', '/name')] : []),
    ...(clash === undefined ? [] : [definitionFinding(clash.rule, clash.severity, '/name')]),
  ];
}
