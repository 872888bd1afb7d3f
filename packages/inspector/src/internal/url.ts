/** What this package reads of a parsed URL (WHATWG URL Standard). */
export interface ParsedUrl {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

// a global that every runtime has, and no `lib` of the compiler alone
declare const URL: new (text: string) => ParsedUrl;

/** The parsed URL, or undefined where the text is not an absolute URL. */
export function parseUrl(text: string): ParsedUrl | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
