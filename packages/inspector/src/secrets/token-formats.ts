import { CLOUD } from './formats/cloud.ts';
import { CODE_HOSTING } from './formats/code-hosting.ts';
import { INTELLIGENCE } from './formats/intelligence.ts';
import { MESSAGING } from './formats/messaging.ts';
import { OBSERVATION } from './formats/observation.ts';
import { PAYMENTS } from './formats/payments.ts';
import type { TokenFormat } from './token-format.ts';

/** Every token that tells by its own form what it is. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [
  ...CODE_HOSTING,
  ...CLOUD,
  ...MESSAGING,
  ...PAYMENTS,
  ...INTELLIGENCE,
  ...OBSERVATION,
];
