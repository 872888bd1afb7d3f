import type { JsonObject } from '@callgate/canonical';

import type { Finding } from '../finding.ts';
import type { Inspector } from '../inspect/inspector.ts';
import { createInspector } from '../standard-detectors.ts';
import { checkDefinition, type DefinitionContext } from './check-definition.ts';

/** What becomes of a definition: it may be shown, it may be shown and is reported, or it must not be shown. */
export type DefinitionVerdict = 'pass' | 'flag' | 'withhold';

/** What a scan of a definition found. */
export interface DefinitionScan {
  readonly verdict: DefinitionVerdict;
  /** In the order of the definition, those of its form last. They hold nothing of its text. */
  readonly findings: readonly Finding[];
  /** How many further findings there are. */
  readonly omitted: number;
}

/** What a definition is scanned with, and against. */
export interface DefinitionScanContext extends DefinitionContext {
  /** Default: one with the standard detectors and treatments. */
  readonly inspector?: Inspector;
  /** Whether only its texts are read, and its form is not checked. Default false. */
  readonly isTextOnly?: boolean;
}

let standard: Inspector | undefined;

/**
 * Scans one definition as a server lists it: of a tool, a prompt, a resource or a template. Every string of it is read, names, defaults, examples and enums of
 * nested schemas among them, whatever is missing or of another type.
 */
export function scanDefinition(definition: JsonObject, context: DefinitionScanContext = {}): DefinitionScan {
  const { inspector = (standard ??= createInspector()), isTextOnly = false, ...against } = context;
  const { verdict, findings: found, omitted } = inspector.inspect(definition, { surface: 'definition' });
  const ofForm = isTextOnly ? [] : checkDefinition(definition, against);
  const findings = [...found, ...ofForm];
  const isBad = verdict === 'quarantine' || verdict === 'reject' || ofForm.some(({ severity }) => severity === 'high');
  return { verdict: isBad ? 'withhold' : findings.length > 0 ? 'flag' : 'pass', findings, omitted };
}
