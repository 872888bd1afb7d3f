import * as z from 'zod';

import { hasHostBits, parseNetwork } from '../addresses/network.ts';
import { specification, whole, word } from '../internal/specification.ts';

/** What a `cidr` may be. */
export interface CidrSpecification {
  /** Networks that the value must lie in, by version; default: all. */
  readonly within?: readonly string[] | undefined;
  /** Networks that the value may not overlap with. */
  readonly except?: readonly string[] | undefined;
  /** Default `[4, 6]`. */
  readonly versions?: readonly (4 | 6)[] | undefined;
  /** `address`, `network` (with a prefix length), or `either` (default). */
  readonly form?: 'address' | 'network' | 'either' | undefined;
  /** The shortest prefix of an IPv4 network, which bounds its breadth; default 8. */
  readonly minPrefix4?: number | undefined;
  /** The shortest prefix of an IPv6 network; default 32. */
  readonly minPrefix6?: number | undefined;
}

const network = 'a network such as `10.0.0.0/8`, without host bits';
const networks = (): z.ZodArray<z.ZodString> =>
  z
    .array(
      z.string({ error: network }).refine(
        (text) => {
          const parsed = parseNetwork(text);
          return parsed !== undefined && !hasHostBits(parsed);
        },
        { error: network },
      ),
      { error: 'a list of networks' },
    )
    .min(1, { error: 'at least one network' })
    .max(1000, { error: 'at most 1000 networks' });

export const cidrSpecification: z.ZodObject & z.ZodType<CidrSpecification> = specification({
  within: networks().exactOptional().describe('Networks that the value must lie in; default: all.'),
  except: networks().exactOptional().describe('Networks that the value may not overlap with.'),
  versions: z
    .array(z.union([z.literal(4), z.literal(6)], { error: '`4` or `6`' }), { error: 'a list of `4` and `6`' })
    .min(1, { error: 'at least one version' })
    .max(2, { error: 'at most 2 versions' })
    .exactOptional()
    .describe('Versions of IP; default `[4, 6]`.'),
  form: word('address', 'network', 'either')
    .exactOptional()
    .describe('`address`, `network` (with a prefix length) or `either` (default).'),
  minPrefix4: whole(0, 32).exactOptional().describe('Shortest prefix of an IPv4 network, default 8.'),
  minPrefix6: whole(0, 128).exactOptional().describe('Shortest prefix of an IPv6 network, default 32.'),
});
