import { appendPointer } from '@callgate/canonical';

import type { ServerDocument } from '../document/types.ts';
import { parseUrl } from '../internal/url.ts';
import type { Findings } from './findings.ts';
import { unpinnedPackage } from './package-pin.ts';

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.[0-9]+){3}|\[::1\])$/u;

/** Looks at how a server is recognised. */
export function lintIdentity(name: string, server: ServerDocument, pointer: string, findings: Findings): void {
  const { identity } = server;
  const at = appendPointer(pointer, 'identity');
  if (identity === undefined) {
    const message = `server \`${name}\` declares no identity: any server under this name is taken for it`;
    findings.add('identity-missing', pointer, message, 'add `identity: { command, args }` or `identity: { url }`');
  } else if ('url' in identity) {
    lintUrl(name, identity.url, server.trust, pointer, findings);
  } else {
    const unpinned = unpinnedPackage(identity.command, identity.args);
    if (unpinned === undefined) return;
    const message = `server \`${name}\` runs whatever version of \`${unpinned.spec}\` was published last`;
    findings.add(
      'identity-unpinned',
      appendPointer(at, 'args'),
      message,
      `pin the version that you checked, as in ${unpinned.remedy}`,
    );
  }
}

function lintUrl(
  name: string,
  text: string,
  trust: ServerDocument['trust'],
  pointer: string,
  findings: Findings,
): void {
  const url = parseUrl(text);
  if (url === undefined || url.protocol !== 'http:' || LOOPBACK.test(url.hostname)) return;
  const message = `server \`${name}\` is reached without encryption: whoever is on the way reads and changes everything`;
  findings.add('identity-plaintext', `${pointer}/identity/url`, message, 'use `https`');
  if (trust !== 'internal') return;
  findings.add(
    'trust-plaintext',
    appendPointer(pointer, 'trust'),
    `server \`${name}\` is trusted, and anybody on the way can write its results`,
    'use `https`, or `trust: external`',
  );
}
