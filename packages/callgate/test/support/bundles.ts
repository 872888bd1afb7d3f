import { generateBundleKey, signBundle, type BundleContents, type BundleKeyPair } from 'callgate';

/** The time that bundles of tests are opened at. */
export const NOW: number = Date.UTC(2026, 10, 25, 12);
const DAY_MS = 86_400_000;

export const KEY: BundleKeyPair = generateBundleKey();
export const OTHER_KEY: BundleKeyPair = generateBundleKey();

/** A policy with one ring 1 tool that takes one of `regions`. */
export function policyText(regions = 'us-east, us-west'): string {
  return `callgate: 1
name: desk
version: "1"
servers:
  inventory:
    tools:
      lookup: { ring: 1, arguments: { region: { enum: [${regions}] } } }
`;
}

export function contentsWith(changes: Partial<BundleContents> = {}): BundleContents {
  return { name: 'desk', sequence: 7, issued: NOW - DAY_MS, expires: NOW + DAY_MS, policy: policyText(), ...changes };
}

/** A signed bundle as its bytes. */
export function bundleWith(changes: Partial<BundleContents> = {}, keys = [KEY]): Uint8Array {
  return Buffer.from(
    signBundle(
      contentsWith(changes),
      keys.map(({ privateKey }) => privateKey),
    ),
  );
}
