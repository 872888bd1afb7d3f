import type { RegexFlag } from './specification.ts';

/** A specification of the kind `regex`, ready to judge with. */
export interface RegexRules {
  readonly syntax: 'ecmascript' | 're2';
  readonly maxLength: number;
  readonly maxSize: number;
  readonly flags: ReadonlySet<RegexFlag>;
  readonly mustBeAnchored: boolean;
  readonly multiline: boolean;
}
