export { SURFACES, type Detector, type InspectedText, type KeywordHit, type Match, type Surface } from './detector.ts';
export {
  FINDING_KINDS,
  TREATMENTS,
  VERDICTS,
  type Finding,
  type FindingKind,
  type InspectionVerdict,
  type Layer,
  type Severity,
  type Treatment,
} from './finding.ts';
export { checkDefinition, type DefinitionContext } from './definitions/check-definition.ts';
export { compareDefinitions, type DefinitionClash, type ListedServer } from './definitions/compare-definitions.ts';
export { DEFINITION_RULES, type DefinitionRule } from './definitions/definition-finding.ts';
export {
  scanDefinition,
  type DefinitionScan,
  type DefinitionScanContext,
  type DefinitionVerdict,
} from './definitions/scan-definition.ts';
export { ToolNames, type NameClash } from './definitions/tool-names.ts';
export { INSTRUCTION_DETECTOR } from './instructions/instruction-detector.ts';
export { FLAG_SCORE, QUARANTINE_SCORE, SIGNALS, type Signal } from './instructions/signals.ts';
export { DEFAULT_FUEL, type Fuel, type FuelLimits } from './fuel.ts';
export type { Inspection } from './inspect/inspection.ts';
export { createInspectorFactory, createInspectorWith, type Inspector, type TurnOptions } from './inspect/inspector.ts';
export {
  DEFAULT_TREATMENTS,
  type InspectionContext,
  type InspectionRules,
  type ValueCheck,
  type ValueFinding,
} from './inspect/rules.ts';
export { findSecrets, findSecretsIn, type FoundSecret, type PlacedSecret } from './secrets/find-in-text.ts';
export { createShapeCheck, type ShapeRules } from './shape/shape-check.ts';
export type { RowLimit } from './shape/row-limit.ts';
export { estimateTokens } from './size/estimate-tokens.ts';
export { createSizeCheck, tokensOf, type SizeRules } from './size/size-check.ts';
export { STANDARD_DETECTORS, createInspector } from './standard-detectors.ts';
export { FEATURES } from './scan/features.ts';
export { decodedTexts } from './view/decoded-texts.ts';
