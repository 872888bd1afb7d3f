import type { ArgumentKind } from '@callgate/policy';

import { cidrKind } from './cidr/cidr-kind.ts';
import { idKind } from './id/id-kind.ts';
import { pathKind } from './path/path-kind.ts';
import { shellKind } from './shell/shell-kind.ts';
import { timeKind } from './time/time-kind.ts';
import { urlKind } from './url/url-kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([
  cidrKind,
  idKind,
  pathKind,
  shellKind,
  timeKind,
  urlKind,
] as readonly ArgumentKind[]);
import { emailKind } from './email/email-kind.ts';
import { urlKind } from './url/url-kind.ts';
export const standardKinds: readonly ArgumentKind[] = Object.freeze([cidrKind, urlKind]);
import { idKind } from './id/id-kind.ts';
import { jsonKind } from './json/json-kind.ts';
import { moneyKind } from './money/money-kind.ts';
import { pathKind } from './path/path-kind.ts';
import { timeKind } from './time/time-kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([
  idKind as ArgumentKind,
  jsonKind as ArgumentKind,
  moneyKind as ArgumentKind,
  pathKind as ArgumentKind,
  timeKind as ArgumentKind,
]);
import { shellKind } from './shell/shell-kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([cidrKind, emailKind, urlKind]);
import { regexKind } from './regex/regex-kind.ts';
import { shellKind } from './shell/shell-kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([
  regexKind as ArgumentKind,
  shellKind as ArgumentKind,
]);
import { sqlKind } from './sql/kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([sqlKind as ArgumentKind]);
