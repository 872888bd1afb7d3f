import type { BundleContents } from 'callgate';

import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { formatTime } from './words.ts';

/** What can be said of a bundle in short. */
export interface BundleSummary {
  readonly contents: BundleContents;
  readonly digest: string;
}

/** What a bundle says, for JSON. */
export function bundleJson({ contents, digest }: BundleSummary): object {
  const { name, sequence, issued, expires } = contents;
  return {
    name,
    sequence,
    issued: new Date(issued).toISOString(),
    expires: new Date(expires).toISOString(),
    digest,
    parts: Object.fromEntries(partsOf(contents).map(([part, text]) => [part, { bytes: Buffer.byteLength(text) }])),
  };
}

/** …and for a person. */
export function bundleLines({ contents, digest }: BundleSummary, style: Style): readonly string[] {
  const { name, sequence, issued, expires } = contents;
  const parts = partsOf(contents).map(([part, text]) => `${part} (${Buffer.byteLength(text)} bytes)`);
  return [
    `${style.bold(printable(name))} ${sequence}: ${parts.join(', ')}`,
    `  issued ${formatTime(issued)}, expires ${formatTime(expires)}`,
    `  ${digest}`,
  ];
}

function partsOf({ policy, exceptions }: BundleContents): readonly (readonly [string, string])[] {
  return [['policy', policy] as const, ...(exceptions === undefined ? [] : [['exceptions', exceptions] as const])];
}
