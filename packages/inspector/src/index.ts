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
export { DEFAULT_FUEL, type Fuel, type FuelLimits } from './fuel.ts';
export type { Inspection } from './inspect/inspection.ts';
export { createInspectorWith, type Inspector, type TurnOptions } from './inspect/inspector.ts';
export {
  DEFAULT_TREATMENTS,
  type InspectionContext,
  type InspectionRules,
  type ValueCheck,
  type ValueFinding,
} from './inspect/rules.ts';
export { findSecrets, type FoundSecret } from './secrets/find-in-text.ts';
export { STANDARD_DETECTORS, createInspector } from './standard-detectors.ts';
export { FEATURES } from './scan/features.ts';
