import type { CompiledPolicy, PolicyIssue } from '@callgate/policy';

import type { Finding } from './finding.ts';

/** What checking one policy file found. */
export type CheckResult =
  | {
      readonly file: string;
      readonly loads: true;
      readonly policy: CompiledPolicy;
      readonly findings: readonly Finding[];
    }
  | {
      readonly file: string;
      readonly loads: false;
      readonly code: string;
      readonly message: string;
      readonly issues: readonly PolicyIssue[];
    };
