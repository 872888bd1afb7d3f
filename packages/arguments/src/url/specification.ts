import * as z from 'zod';

import type { AddressReach } from '../addresses/address-class.ts';
import { hostEntryProblem } from '../addresses/host-list.ts';
import { specification, texts, whole, word } from '../internal/specification.ts';

export const DEFAULT_MAX_LENGTH = 2048;
// no server takes longer ones: of a request with all its headers Node.js reads 16 KiB, others 8
const LARGEST_MAX_LENGTH = 16_384;

/** The schemes whose URLs every WHATWG parser takes apart the same way, with their default ports. */
export const DEFAULT_PORTS = { https: 443, http: 80, wss: 443, ws: 80 } as const;

export type UrlScheme = keyof typeof DEFAULT_PORTS;

/** What an `url` may be. */
export interface UrlSpecification {
  /** Default `[https]`. */
  readonly schemes?: readonly UrlScheme[] | undefined;
  /**
   * Exact hosts, and suffixes that begin with a dot (`.example.com` covers `api.example.com`, not `example.com`). International names
   * in their `xn--` form, exactly. IPv6 addresses in brackets. Default: every host that `addresses` lets through.
   */
  readonly hosts?: readonly string[] | undefined;
  /**
   * `public` (default): public names and addresses. `names`: public names only. `private`: names and addresses of private networks and
   * loopback too. Metadata services, link-local, multicast and reserved addresses never.
   */
  readonly addresses?: AddressReach | undefined;
  /** Default: the scheme's own port. */
  readonly ports?: readonly number[] | 'any' | undefined;
  /** Paths, each with everything below it: `/docs` covers `/docs` and `/docs/a`, not `/docs2`; `/docs/` not `/docs`. Default: all. */
  readonly paths?: readonly string[] | undefined;
  /** `allow` (default), `deny`, or the names that may occur in the query. */
  readonly query?: 'allow' | 'deny' | readonly string[] | undefined;
  /** Default `allow`: a fragment does not leave the client. */
  readonly fragment?: 'allow' | 'deny' | undefined;
  /** UTF-16 code units, default 2,048. */
  readonly maxLength?: number | undefined;
}

const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/u;
const DOTS = /\/\.{1,2}(?:[/;]|$)/u;
const QUERY_NAME = /^[A-Za-z0-9\-._~!$'()*,:@/?[\]]+$/u;

const hosts = texts('a host such as `api.example.com`, or a suffix such as `.example.com`').check((context) => {
  context.value.forEach((entry, index) => {
    const problem = hostEntryProblem(entry, 'names-and-addresses');
    if (problem === undefined) return;
    context.issues.push({
      code: 'custom',
      input: entry,
      path: [index],
      message:
        'a host such as `api.example.com` (an international one in its `xn--` form, exactly), or a suffix `.example.com`',
    });
  });
});

const path = 'a path such as `/docs`, without `.` segments, `//` and percent signs';
const names = 'names in their plain spelling, without percent signs';

export const urlSpecification: z.ZodObject & z.ZodType<UrlSpecification> = specification({
  schemes: z
    .array(word('https', 'http', 'wss', 'ws'), { error: 'a list of schemes' })
    .min(1, { error: 'at least one scheme' })
    .max(4, { error: 'at most 4 schemes' })
    .exactOptional()
    .describe('Schemes; default `[https]`.'),
  hosts: hosts.exactOptional().describe('Hosts, and suffixes that begin with a dot; default: every public one.'),
  addresses: word('public', 'names', 'private')
    .exactOptional()
    .describe(
      'Which hosts there may be: `public` (default), `names` (no IP addresses), `private` (private networks too).',
    ),
  ports: z
    .union([z.literal('any'), z.array(whole(1, 65_535)).min(1).max(1000)], {
      error: '`any`, or a list of whole numbers from 1 to 65535',
    })
    .exactOptional()
    .describe("Ports; default: the scheme's own."),
  paths: z
    .array(
      z
        .string({ error: path })
        .max(1024, { error: path })
        .refine((text) => PATH.test(text) && !DOTS.test(text) && !text.includes('//'), { error: path }),
      { error: 'a list of paths' },
    )
    .min(1, { error: 'at least one path' })
    .max(1000, { error: 'at most 1000 paths' })
    .exactOptional()
    .describe('Paths, each with everything below it; default: all.'),
  query: z
    .union([z.enum(['allow', 'deny']), z.array(z.string().min(1).max(256).regex(QUERY_NAME)).min(1).max(1000)], {
      error: `\`allow\`, \`deny\`, or a list of ${names}`,
    })
    .exactOptional()
    .describe('`allow` (default), `deny`, or the names that may occur.'),
  fragment: word('allow', 'deny').exactOptional().describe('`allow` (default) or `deny`.'),
  maxLength: whole(1, LARGEST_MAX_LENGTH).exactOptional().describe('UTF-16 code units, default 2048, at most 16,384.'),
});
