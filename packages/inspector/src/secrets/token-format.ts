import type { Severity } from '../finding.ts';

/** Where a format is documented in public. */
export const FORMAT_SOURCES = {
  github: 'https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns',
  gitleaks: 'https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml',
  trufflehog: 'https://github.com/trufflesecurity/trufflehog/tree/main/pkg/detectors',
  secretlint: 'https://github.com/secretlint/secretlint/tree/master/packages/%40secretlint',
  'detect-secrets': 'https://github.com/Yelp/detect-secrets/tree/master/detect_secrets/plugins',
  'rfc-7519': 'https://www.rfc-editor.org/rfc/rfc7519',
  'rfc-7468': 'https://www.rfc-editor.org/rfc/rfc7468',
  'rfc-3986': 'https://www.rfc-editor.org/rfc/rfc3986',
  'rfc-9110': 'https://www.rfc-editor.org/rfc/rfc9110',
} as const;

/** One public source of formats. */
export type FormatSource = keyof typeof FORMAT_SOURCES;

/** A token that tells by its own form what it is: most have a prefix. */
export interface TokenFormat {
  /** Without `secrets.`. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Keywords, one of which is in every such token, whatever the case. */
  readonly anchors: readonly string[];
  /** Where prefixes are too short for a keyword: with which characters tokens begin that are, or hold, a run of 24 characters of base64. */
  readonly starts: string;
  /** What of such a token may stand before the run. */
  readonly back: TokenBack | undefined;
  /** Sticky: matched where the token begins. */
  readonly pattern: RegExp;
  readonly source: FormatSource;
  /** How far before the anchor the token may begin, in code units; default 0. */
  readonly before: number;
  /** Whether dots and tildes may stand before the anchor. */
  readonly isDotted: boolean;
  /** Least entropy in bits for each code unit, default 2. */
  readonly minEntropy: number;
  readonly severity: Severity;
  /** Whether its checksum or structure holds: it is `critical` then. A wrong one is no proof, for many copies are cut or padded. */
  readonly isVerified?: (token: string) => boolean;
}

/** Parts before a run: letters, digits and dots, or digits and what divides numbers. */
export type TokenBack = 'dotted' | 'digits';

/** What few formats need. */
export interface TokenFormatOptions {
  readonly starts?: string;
  readonly back?: TokenBack;
  readonly isDotted?: boolean;
  readonly before?: number;
  readonly minEntropy?: number;
  readonly severity?: Severity;
  readonly isCaseInsensitive?: boolean;
  readonly isVerified?: (token: string) => boolean;
}

/** A format whose tokens end where letters and digits do. */
export function token(
  id: string,
  title: string,
  anchors: readonly string[],
  pattern: string,
  source: FormatSource,
  options: TokenFormatOptions = {},
): TokenFormat {
  const {
    starts = '',
    back,

    before = 0,
    isDotted = false,
    minEntropy = 2,
    severity = 'high',
    isCaseInsensitive = false,
    isVerified,
  } = options;
  return {
    id,
    title,
    anchors,
    starts,
    back,

    pattern: new RegExp(`(?:${pattern})(?![A-Za-z0-9])`, isCaseInsensitive ? 'iuy' : 'uy'),
    source,
    before,
    isDotted,
    minEntropy,
    severity,
    ...(isVerified !== undefined && { isVerified }),
  };
}

/** A value that only its name tells: opaque characters, assigned to something that is called after a service. */
export interface ServiceFormat {
  /** Without `secrets.`. */
  readonly id: string;
  readonly title: string;
  /** One of these is in the name, whatever the case. */
  readonly names: readonly string[];
  /** Sticky: matched where the value begins; all of the value is one. */
  readonly pattern: RegExp;
  readonly source: FormatSource;
}

/** A format of a service's values; case does not count. */
export function service(
  id: string,
  title: string,
  names: readonly string[],
  pattern: string,
  source: FormatSource = 'gitleaks',
): ServiceFormat {
  return { id, title, names, pattern: new RegExp(`(?:${pattern})$`, 'iuy'), source };
}
