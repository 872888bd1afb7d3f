/*
 * Which characters a command line may hold. The ranges are written out, not taken from properties of the engine's Unicode version,
 * so that one line gets one answer on every platform.
 */

/** Refused everywhere: controls but tab, line breaks, and what cannot be seen or reorders what can. */
const REFUSED =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- single characters are what it looks for
  /[\0-\b\n-\u001F\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u3000\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\uFFFE\uFFFF]|[\u{E0000}-\u{E0FFF}\u{F0000}-\u{10FFFF}]|[\uD800-\uDFFF]/u;

/**
 * Refused outside quotes besides: what looks like, or is normalised to, a character that means something to a shell. Dashes,
 * quotation marks, primes, slashes, full-width and small forms, and four that Unicode normalisation turns into ASCII.
 */
const LOOK_ALIKE =
  /[\u00B4\u02B9-\u02BC\u02C8\u02CA\u02CB\u02DC\u037E\u0387\u055D\u055E\u0589\u05BE\u1806\u1FEF\u2010-\u201F\u2024-\u2026\u2032-\u2037\u2039\u203A\u203C\u203D\u2044\u2047-\u2049\u2052\u2053\u2215-\u2217\u2223\u2236\u223C\u2260\u226E\u226F\u2212\u275B-\u275E\u2768-\u2775\u29F5\u29F8\u29F9\u3001-\u3003\u3008-\u3011\u3014-\u301F\u30FB\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFE6]/u;

/** Whether a line holds a character that none may hold, quoted or not. */
export function hasRefusedCharacter(line: string): boolean {
  return REFUSED.test(line);
}

/** Whether unquoted text holds a character that could be taken for another. */
export function hasLookAlike(text: string): boolean {
  return LOOK_ALIKE.test(text);
}

/** Whether an argument can be passed to a program at all: no NUL, and text that has a UTF-8 form. */
export function isPassable(argument: string): boolean {
  return !argument.includes('\0') && argument.isWellFormed();
}
