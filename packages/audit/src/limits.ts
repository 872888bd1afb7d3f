/**
 * The longest line a ledger takes and a reader accepts, in UTF-8 bytes without the line feed: 1 MiB. Records hold digests and
 * summaries, typically 1 KB; the bound keeps readers of foreign files bounded.
 */
export const MAX_RECORD_BYTES = 1_048_576;
