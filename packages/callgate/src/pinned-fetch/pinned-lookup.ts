import type { LookupFunction } from 'node:net';

import { AddressRules } from './address-rules.ts';
import { assertLookupOptions, compileNetworks, type PinnedLookupOptions } from './options.ts';

/**
 * A `lookup` for `node:http` and `node:net` (and for HTTP libraries that take one) which answers only with addresses that may be
 * reached, and fails with a {@link FetchRefusedError} otherwise. What it answered is what is dialled.
 *
 * Node asks no lookup for a host that is an IP address already: check the URL first, with the argument kind `url`.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS`
 */
export function createPinnedLookup(options: PinnedLookupOptions = {}): LookupFunction {
  assertLookupOptions(options);
  const rules = new AddressRules(options.addresses ?? 'public', compileNetworks(options.networks), options.resolve);
  return (host, { family, all }, callback) => {
    void rules.addressesOf(host).then(
      (addresses) => {
        const wanted = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined;
        const usable = wanted === undefined ? addresses : addresses.filter((one) => one.family === wanted);
        const [first] = usable;
        if (first === undefined) callback(new TypeError('the host has no address of this family'), '', 0);
        else if (all === true) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(
          error instanceof Error ? error : new TypeError('the host could not be resolved', { cause: error }),
          '',
          0,
        );
      },
    );
  };
}
