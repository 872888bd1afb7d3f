import * as z from 'zod';

import { flag, specification, texts, whole, word } from '../internal/specification.ts';

/** The keys of `{ kind: path }`. */
export interface PathSpecification {
  /** Folders in which the path must lie: absolute, or relative to where the server resolves relative paths. Default `.`. */
  readonly roots?: readonly string[];
  /** The absolute folder from which the server resolves relative paths, where it is known. */
  readonly base?: string;
  /** Whose rules about names hold. Default `any`: what any platform reads otherwise is refused. */
  readonly platform?: 'posix' | 'windows' | 'any';
  /** Whether the case of letters must be that of `roots`. Default: true, on `windows` false. */
  readonly caseSensitive?: boolean;
  /** What the last name must end in: `.md`. Default: anything. */
  readonly extensions?: readonly string[];
  /** Patterns of paths inside the roots that are refused, with all that lies below them: any `.env`, any folder `.git`. */
  readonly deny?: readonly string[];
  /** Names that begin with a dot, below the root. Default `allow`. */
  readonly hidden?: 'allow' | 'deny';
  /** Characters that a server might expand. Default `brackets`: `[ ] { }` pass, `*` and `?` do not. */
  readonly wildcards?: 'deny' | 'brackets' | 'allow';
  /** The least number of names below the root; 1 refuses the root itself. Default 0. */
  readonly minDepth?: number;
  /** The greatest number of names below the root. Default: no bound but the length. */
  readonly maxDepth?: number;
  /** The longest path, in UTF-16 code units. Default 1,024. */
  readonly maxLength?: number;
}

const MAX_LENGTH = 8192;

/** The schema of {@link PathSpecification}. */
export const pathSpecification: z.ZodObject & z.ZodType<PathSpecification> = specification({
  roots: texts('folder')
    .max(100, { error: 'at most 100 folders' })
    .describe('Folders in which the path must lie, absolute or relative. Default `.`: relative paths only.')
    .exactOptional(),
  base: z
    .string({ error: 'an absolute folder' })
    .min(1, { error: 'an absolute folder' })
    .max(1024, { error: 'an absolute folder' })
    .describe('The absolute folder from which the server resolves relative paths.')
    .exactOptional(),
  platform: word('posix', 'windows', 'any')
    .describe('Whose rules about names hold. Default `any`: what any platform reads otherwise is refused.')
    .exactOptional(),
  caseSensitive: flag()
    .describe('Whether the case of letters must be that of the roots. Default true; on `windows` false.')
    .exactOptional(),
  extensions: texts('ending such as `.md`')
    .max(100, { error: 'at most 100 endings' })
    .describe('What the last name must end in. Case does not matter. Default: anything.')
    .exactOptional(),
  deny: texts('pattern such as `**/.env`')
    .max(100, { error: 'at most 100 patterns' })
    .describe('Patterns of paths inside the roots that are refused, with all that lies below. Case does not matter.')
    .exactOptional(),
  hidden: word('allow', 'deny')
    .describe('Names below the root that begin with a dot. Default `allow`.')
    .exactOptional(),
  wildcards: word('deny', 'brackets', 'allow')
    .describe('Characters that a server might expand. Default `brackets`: `[ ] { }` pass, `*` and `?` do not.')
    .exactOptional(),
  minDepth: whole(0, 100).describe('The least number of names below the root. Default 0.').exactOptional(),
  maxDepth: whole(0, 1000).describe('The greatest number of names below the root. Default: no bound.').exactOptional(),
  maxLength: whole(1, MAX_LENGTH).describe('The longest path, in UTF-16 code units. Default 1,024.').exactOptional(),
});
