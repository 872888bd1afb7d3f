import type { Detector } from '../detector.ts';
import { FEATURES } from '../scan/features.ts';
import { isSecretName, SECRET_KEYWORDS, secretsIn } from './find-secrets.ts';

/** Finds credentials: tokens of services, keys, passwords, by their form or by the name they are assigned to. */
export const SECRETS_DETECTOR: Detector = Object.freeze({
  kind: 'secrets',
  keywords: SECRET_KEYWORDS,
  features: FEATURES.longRun,
  isAskedForField: isSecretName,
  find(text, report, fuel) {
    for (const match of secretsIn(text, fuel)) report(match);
  },
} satisfies Detector);
