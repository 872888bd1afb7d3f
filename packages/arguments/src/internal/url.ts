/** What this package reads of a parsed URL (WHATWG URL Standard). */
export interface ParsedUrl {
  readonly href: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}

// the one global this package uses; every runtime it is for has it
declare const URL: new (text: string) => ParsedUrl;

/** The parsed URL, or undefined where the text is not an absolute URL. */
export function parseUrl(text: string): ParsedUrl | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
