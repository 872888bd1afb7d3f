import { connect, type TLSSocket } from 'node:tls';

import { digest, type Digest } from '@callgate/canonical';

const TIMEOUT_MS = 10_000;

/**
 * The SHA-256 of the public key (subject public key info, RFC 7469 §2.4) that a server has at the moment. The certificate is verified as
 * any client verifies it.
 *
 * @param authorities certificates to trust instead of the system's, in PEM
 * @throws {Error} when it cannot be reached or its certificate does not verify
 */
export async function peerKeyDigest(url: string, authorities?: string): Promise<Digest> {
  const { hostname, port } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$/gu, '');
  const socket: TLSSocket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    ...(/^[\d.:a-f]+$/u.test(host) ? {} : { servername: host }),
    ...(authorities === undefined ? {} : { ca: authorities }),
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
      socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    });
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error('the server showed no certificate');
    return digest(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  } finally {
    socket.destroy();
  }
}
