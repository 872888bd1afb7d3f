/** The parts of a URL as they are written. */
export interface UrlParts {
  readonly scheme: string;
  /** Between `//` and the next `/`, `?` or `#`. */
  readonly authority: string;
  /** As written: empty, or from `/` on. */
  readonly path: string;
  /** Without `?`; undefined: there is none. */
  readonly query: string | undefined;
  /** Without `#`; undefined: there is none. */
  readonly fragment: string | undefined;
}

// RFC 3986 appendix B, with the slashes of an authority required.
const FORM =
  /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]{0,31}):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/su;

/** Takes a URL apart by RFC 3986; undefined where there is no `scheme://`. */
export function splitUrl(text: string): UrlParts | undefined {
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) return undefined;
  return {
    scheme: (groups['scheme'] ?? '').toLowerCase(),
    authority: groups['authority'] ?? '',
    path: groups['path'] ?? '',
    query: groups['query'],
    fragment: groups['fragment'],
  };
}
