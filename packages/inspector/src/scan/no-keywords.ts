import { KeywordIndex } from './keyword-index.ts';

/** Of those who look for no keywords. */
export const NO_KEYWORDS: KeywordIndex = new KeywordIndex([]);
