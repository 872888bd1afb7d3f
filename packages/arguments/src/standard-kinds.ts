import type { ArgumentKind } from '@callgate/policy';

import { cidrKind } from './cidr/cidr-kind.ts';
import { emailKind } from './email/email-kind.ts';
import { globKind } from './glob/glob-kind.ts';
import { idKind } from './id/id-kind.ts';
import { jsonKind } from './json/json-kind.ts';
import { moneyKind } from './money/money-kind.ts';
import { pathKind } from './path/path-kind.ts';
import { regexKind } from './regex/regex-kind.ts';
import { shellKind } from './shell/shell-kind.ts';
import { sqlKind } from './sql/kind.ts';
import { textKind } from './text/text-kind.ts';
import { timeKind } from './time/time-kind.ts';
import { urlKind } from './url/url-kind.ts';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([
  cidrKind,
  emailKind,
  globKind,
  idKind,
  jsonKind,
  moneyKind,
  pathKind,
  regexKind,
  shellKind,
  sqlKind,
  textKind,
  timeKind,
  urlKind,
] as readonly ArgumentKind[]);
