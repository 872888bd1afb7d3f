import type * as LibPgQuery from 'libpg-query';

import { foldAscii } from '../fold.ts';

type Parser = Pick<typeof LibPgQuery, 'scanSync'>;

const COMMENTS: ReadonlySet<string> = new Set(['SQL_COMMENT', 'C_COMMENT']);

/** The tokens of a text without comments and the `;` after it, words that are not quoted in lower case. */
export function postgresTokens(parser: Parser, text: string): readonly string[] {
  const tokens = parser.scanSync(text).tokens.filter(({ tokenName }) => !COMMENTS.has(tokenName));
  while (tokens.at(-1)?.text === ';') tokens.pop();
  // Words: keywords, and names that are not quoted. PostgreSQL folds ASCII only.
  return tokens.map((token) =>
    token.keywordKind > 0 || (token.tokenName === 'IDENT' && !token.text.includes('"'))
      ? foldAscii(token.text)
      : token.text,
  );
}
