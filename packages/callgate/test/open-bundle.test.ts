import { createPrivateKey, sign } from 'node:crypto';

import { canonicalize, digest } from '@callgate/canonical';
import {
  cosignBundle,
  openBundle,
  readBundle,
  signBundle,
  verifyBundle,
  type BundleContents,
  type BundleErrorCode,
} from 'callgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePrivateKey } from '../src/bundle/bundle-key.ts';
import { BUNDLE_PAYLOAD_TYPE, decodeContents, encodeContents } from '../src/bundle/contents.ts';
import {
  formatEnvelope,
  parseEnvelope,
  preAuthenticationEncoding,
  signPayload,
  verifyEnvelope,
} from '../src/bundle/envelope.ts';
import { bundleWith, contentsWith, KEY, NOW, OTHER_KEY, policyText } from './support/bundles.ts';

const TRUST = { keys: [KEY.publicKey], now: NOW } as const;
const RUNS = { numRuns: Number(process.env['CALLGATE_CASES'] ?? 300) };
const SIGNER = parsePrivateKey(KEY.privateKey);

/** A payload of whatever text, signed by the trusted key. */
function signed(payload: string | Uint8Array, payloadType: string = BUNDLE_PAYLOAD_TYPE): Uint8Array {
  return envelopeBy([SIGNER], Buffer.from(payload), payloadType);
}

function envelopeBy(
  signers: (typeof SIGNER)[],
  payload: Uint8Array,
  payloadType: string = BUNDLE_PAYLOAD_TYPE,
): Uint8Array {
  const signatures = signPayload(payloadType, payload, signers);
  return Buffer.from(formatEnvelope({ payloadType, payload, signatures }));
}

/** The payload of {@link contentsWith} as text, to be spoiled. */
function payloadText(changes: Partial<BundleContents> = {}): string {
  return Buffer.from(encodeContents(contentsWith(changes))).toString();
}

async function codeOf(bytes: Uint8Array, changes: object = {}): Promise<string> {
  return openBundle(bytes, { ...TRUST, ...changes }).then(
    () => 'opened',
    (error: { readonly code?: string; readonly name: string }) => error.code ?? error.name,
  );
}

describe('opening a bundle', () => {
  it('gives its policy, and what was signed', async () => {
    const bundle = await openBundle(bundleWith(), TRUST);
    expect(bundle).toMatchObject({ contents: contentsWith(), signedBy: [KEY.keyId] });
    expect(bundle.policy.servers.has('inventory')).toBe(true);
    expect(bundle.policy.file).toBe('bundle:desk@7/policy');
    expect(bundle.digest).toBe(digest(encodeContents(contentsWith())));
  });

  it('gives its exceptions with its policy', async () => {
    const exceptions = `{callgate: 1, exceptions: [{id: EX-1, owner: o, reason: r, server: inventory, tool: lookup, approver: a,
      created: 2020-01-01, expires: 2030-01-01, arguments: {region: {const: eu-west}}}]}`;
    const bundle = await openBundle(bundleWith({ exceptions }), TRUST);
    expect(bundle.policy.exceptions?.exceptions.map(({ id }) => id)).toEqual(['EX-1']);
  });

  it('tells what is wrong with a policy by its place in the bundle', async () => {
    await expect(openBundle(bundleWith({ policy: 'callgate: 1\nnme: x\n' }), TRUST)).rejects.toThrow(
      /bundle:desk@7\/policy:/u,
    );
  });

  it('what is signed has the text and the digest that sha256sum prints', () => {
    const payload = JSON.parse(payloadText()) as { parts: { policy: { sha256: string } } };
    expect(payload.parts.policy.sha256).toBe(digest(policyText()).slice('sha256:'.length));
  });

  it('reading without proof says what it says, and who is said to have signed', () => {
    expect(readBundle(bundleWith({}, [OTHER_KEY]))).toMatchObject({
      contents: contentsWith(),
      claimedKeys: [OTHER_KEY.keyId],
    });
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [string, Uint8Array, object, BundleErrorCode])[] = [
    ['a key that is not trusted', bundleWith({}, [OTHER_KEY]), {}, 'CALLGATE_BUNDLE_SIGNATURE'],
    ['an expired bundle', bundleWith(), { now: NOW + 86_400_000 }, 'CALLGATE_BUNDLE_EXPIRED'],
    ['a bundle from the future', bundleWith(), { now: NOW - 86_400_000 - 300_001 }, 'CALLGATE_BUNDLE_NOT_YET'],
    ['an older sequence', bundleWith(), { minimumSequence: 8 }, 'CALLGATE_BUNDLE_ROLLED_BACK'],
    ['another name', bundleWith(), { name: 'lab' }, 'CALLGATE_BUNDLE_OTHER_NAME'],
    [
      'a signature over another type',
      signed(payloadText(), 'application/vnd.in-toto+json'),
      {},
      'CALLGATE_BUNDLE_FORMAT',
    ],
    ['an empty type', signed(payloadText(), ''), {}, 'CALLGATE_BUNDLE_FORMAT'],
    ['a huge body', Buffer.alloc(16 * 1024 * 1024 + 1, 0x20), {}, 'CALLGATE_BUNDLE_TOO_LARGE'],
    ['nothing', new Uint8Array(), {}, 'CALLGATE_BUNDLE_FORMAT'],
    ['no UTF-8', Buffer.from([0xff, 0xfe]), {}, 'CALLGATE_BUNDLE_FORMAT'],
    [
      'a mark of byte order',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bundleWith()]),
      {},
      'CALLGATE_BUNDLE_FORMAT',
    ],
    ['brackets without end', Buffer.alloc(16 * 1024 * 1024, 0x5b), {}, 'CALLGATE_BUNDLE_FORMAT'],
    ['braces without end', Buffer.from('{"a":'.repeat(3_000_000)), {}, 'CALLGATE_BUNDLE_FORMAT'],
    ['a policy instead of a bundle', Buffer.from(policyText()), {}, 'CALLGATE_BUNDLE_FORMAT'],
  ];

  it.each(cases)('%s', async (_what, bytes, changes, code) => {
    expect(await codeOf(bytes, changes)).toBe(code);
  });

  it('a clock that is five minutes behind the signer is no future', async () => {
    expect(await codeOf(bundleWith(), { now: NOW - 86_400_000 - 300_000 })).toBe('opened');
  });

  it('any one-bit change', async () => {
    const bytes = bundleWith();
    const bits = fc.integer({ min: 0, max: bytes.length * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(bits, async (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await codeOf(changed)).toMatch(/^CALLGATE_BUNDLE_(?:SIGNATURE|FORMAT)$/u);
      }),
      RUNS,
    );
  });

  it('any part of it that is cut off', async () => {
    const bytes = bundleWith();
    const whole = bytes.length - 1; // its last byte ends the line
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole - 1 }), async (length) => {
        expect(await codeOf(bytes.subarray(0, length))).toBe('CALLGATE_BUNDLE_FORMAT');
      }),
      RUNS,
    );
  });

  it('a signature or a payload of another bundle', async () => {
    const [first, second] = [bundleWith(), bundleWith({ sequence: 8, policy: policyText('eu-west') })].map(
      (bytes) => JSON.parse(Buffer.from(bytes).toString()) as { payload: string; signatures: unknown },
    );
    const swapped = { ...first, payload: second?.payload };
    expect(await codeOf(Buffer.from(JSON.stringify(swapped)))).toBe('CALLGATE_BUNDLE_SIGNATURE');
  });

  it('a part of another bundle, though its own digest fits', async () => {
    const envelope = JSON.parse(Buffer.from(bundleWith()).toString()) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString();
    const other = JSON.parse(payloadText({ policy: policyText('eu-west') })) as { parts: object };
    const swapped = canonicalize({ ...(JSON.parse(payload) as object), parts: other.parts } as never);
    const bytes = Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(swapped).toString('base64') }));
    expect(await codeOf(bytes)).toBe('CALLGATE_BUNDLE_SIGNATURE');
  });

  it('a part that a signer put under the digest of another', async () => {
    const bytes = signed(payloadText().replace('us-west', 'eu-west'));
    await expect(openBundle(bytes, TRUST)).rejects.toThrow('each part with its own `sha256`');
  });

  it.each([
    ['a name twice', (text: string) => text.replace('{"payloadType"', '{"payload":"","payloadType"')],
    ['a name twice in a signature', (text: string) => text.replace('"sig":', '"sig":"","sig":')],
    [
      'a name twice, one escaped',
      (text: string) => text.replace('"payload":', String.raw`"p\u0061yload":"","payload":`),
    ],
    ['a member more', (text: string) => text.replace('{"payloadType"', '{"note":"","payloadType"')],
    ['a prototype', (text: string) => text.replace('{"payloadType"', '{"__proto__":{},"payloadType"')],
    ['a prototype for a signature', (text: string) => text.replace('"sig":', '"__proto__":')],
    ['no signature', (text: string) => text.replace(/"signatures":\[.*\]/su, '"signatures":[]')],
    [
      'seventeen signatures',
      (text: string) => text.replace(/\[(.*)\]/su, (_all, one: string) => `[${Array(17).fill(one).join()}]`),
    ],
    ['a short signature', (text: string) => text.replace(/"sig":"[^"]{8}/u, '"sig":"')],
    ['base64 with spaces', (text: string) => text.replace('"payload":"', '"payload":" ')],
    ['base64 without padding', (text: string) => text.replace('=="}', '"}')],
    ['text after its end', (text: string) => `${text}{}`],
    ['a list', (text: string) => `[${text}]`],
  ])('an envelope with %s', async (_what, spoil) => {
    const text = Buffer.from(bundleWith()).toString();
    expect(spoil(text)).not.toBe(text);
    expect(await codeOf(Buffer.from(spoil(text)))).toBe('CALLGATE_BUNDLE_FORMAT');
  });

  it.each([
    ['a name twice', (text: string) => text.replace('"sequence":7', '"sequence":7,"sequence":7')],
    ['another spelling of a number', (text: string) => text.replace('"sequence":7', '"sequence":7.0')],
    ['a space', (text: string) => text.replace('"sequence":7', '"sequence": 7')],
    ['another order of names', (text: string) => text.replace(/"name":"desk",(.*)\}$/su, '$1,"name":"desk"}')],
    ['a sequence of none', (text: string) => text.replace('"sequence":7', '"sequence":0')],
    ['a sequence as text', (text: string) => text.replace('"sequence":7', '"sequence":"7"')],
    ['a fraction of a sequence', (text: string) => text.replace('"sequence":7', '"sequence":7.5')],
    ['a sequence beyond exact numbers', (text: string) => text.replace('"sequence":7', '"sequence":9007199254740992')],
    ['a member more', (text: string) => text.replace(/\}$/u, ',"widening":true}')],
    ['a prototype', (text: string) => `{"__proto__":{"name":"desk"},${text.slice(1)}`],
    ['an unknown part', (text: string) => text.replace('"parts":{', '"parts":{"lock":{"sha256":"","text":""},')],
    ['no policy', (text: string) => text.replace(/"parts":\{.*\}\}/su, '"parts":{}')],
    ['a name with a line break', (text: string) => text.replace('"desk"', String.raw`"de\nsk"`)],
    ['a time without a zone', (text: string) => text.replace('12:00:00Z', '12:00:00')],
    ['a day that no month has', (text: string) => text.replace('2026-11-26', '2026-11-31')],
    ['half a pair of surrogates', (text: string) => text.replace('"desk"', String.raw`"\ud800"`)],
    ['a list', (text: string) => `[${text}]`],
    ['no JSON', () => 'policy'],
  ])('a payload with %s, whoever signed it', async (_what, spoil) => {
    const text = payloadText();
    expect(spoil(text)).not.toBe(text);
    expect(await codeOf(signed(spoil(text)))).toBe('CALLGATE_BUNDLE_FORMAT');
  });

  it('contents that cannot be opened are not signed either', () => {
    for (const changes of [
      { sequence: 0 },
      { name: '' },
      { name: '../x' },
      { expires: NOW - 86_400_000 },
      { issued: Number.NaN },
      { policy: ' '.repeat(4 * 1024 * 1024 + 1) },
    ])
      expect(() => signBundle(contentsWith(changes), [KEY.privateKey])).toThrow(
        expect.objectContaining({ code: 'CALLGATE_BUNDLE_FORMAT' }),
      );
  });

  it('a threshold, a minimum or a time that makes no sense', () => {
    for (const changes of [{ threshold: 0 }, { threshold: 2 }, { minimumSequence: 0 }, { now: Number.NaN }])
      expect(() => verifyBundle(bundleWith(), { ...TRUST, ...changes })).toThrow(RangeError);
  });

  it('a policy is not parsed before a trusted signature was found', async () => {
    const broken = bundleWith({ policy: 'no: [policy' }, [OTHER_KEY]);
    expect(await codeOf(broken)).toBe('CALLGATE_BUNDLE_SIGNATURE');
    expect(await codeOf(broken, { keys: [OTHER_KEY.publicKey] })).toBe('CALLGATE_POLICY_SYNTAX');
  });
});

describe('several keys', () => {
  const both = { keys: [KEY.publicKey, OTHER_KEY.publicKey] };

  it('while one takes the place of another, either is enough, old or new', async () => {
    expect(await codeOf(bundleWith({}, [OTHER_KEY]), both)).toBe('opened');
    expect(await codeOf(bundleWith({}, [KEY, OTHER_KEY]))).toBe('opened');
  });

  it('a threshold counts keys, not signatures', async () => {
    expect(await codeOf(bundleWith({}, [KEY, OTHER_KEY]), { ...both, threshold: 2 })).toBe('opened');
    expect(await codeOf(bundleWith(), { ...both, threshold: 2 })).toBe('CALLGATE_BUNDLE_SIGNATURE');
    const payload = encodeContents(contentsWith());
    const twice = envelopeBy([SIGNER, SIGNER], payload);
    expect(await codeOf(twice, { ...both, threshold: 2 })).toBe('CALLGATE_BUNDLE_SIGNATURE');
  });

  it('a second signature can be added where the first key is not', async () => {
    const cosigned = Buffer.from(cosignBundle(bundleWith(), [OTHER_KEY.privateKey]));
    expect(await codeOf(cosigned, { ...both, threshold: 2 })).toBe('opened');
    expect(() => cosignBundle(cosigned, [KEY.privateKey])).toThrow('each once');
    expect(() => cosignBundle(cosigned, [])).toThrow('at least one');
    expect(() => cosignBundle(signed(payloadText(), 'text/plain'), [OTHER_KEY.privateKey])).toThrow('payload type');
    expect(() => cosignBundle(signed('{}'), [OTHER_KEY.privateKey])).toThrow('the members');
  });

  it('a signature in the name of a trusted key that is not of that key refuses the bundle', async () => {
    const envelope = JSON.parse(Buffer.from(bundleWith({}, [KEY, OTHER_KEY])).toString()) as {
      signatures: { keyid: string }[];
    };
    const [first, second] = envelope.signatures.map(({ keyid }) => keyid);
    envelope.signatures = envelope.signatures.map((one) => ({
      ...one,
      keyid: (one.keyid === first ? second : first) ?? '',
    }));
    expect(await codeOf(Buffer.from(JSON.stringify(envelope)), both)).toBe('CALLGATE_BUNDLE_SIGNATURE');
  });

  it('a signature that names no key is tried with all of them', async () => {
    const text = Buffer.from(bundleWith({}, [OTHER_KEY])).toString();
    const unnamed = Buffer.from(text.replace(/"keyid":"[^"]*",/u, ''));
    expect(await codeOf(unnamed, both)).toBe('opened');
    expect(await codeOf(unnamed)).toBe('CALLGATE_BUNDLE_SIGNATURE');
  });

  it('the same contents signed anew are the same bundle', () => {
    const digests = [[KEY], [KEY, OTHER_KEY]].map(
      (keys) => verifyBundle(bundleWith({}, keys), { ...TRUST, ...both }).digest,
    );
    expect(new Set(digests).size).toBe(1);
  });
});

describe('the envelope is DSSE', () => {
  it('encodes as protocol.md of DSSE v1 shows', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
    expect(Buffer.from(preAuthenticationEncoding('é', new Uint8Array())).toString()).toBe('DSSEv1 2 é 0 ');
  });

  it('verifies a signature that was made by hand, in URL-safe base64 and another order of members', async () => {
    const payload = encodeContents(contentsWith());
    const text = Buffer.concat([
      Buffer.from(`DSSEv1 ${BUNDLE_PAYLOAD_TYPE.length} ${BUNDLE_PAYLOAD_TYPE} ${payload.length} `),
      payload,
    ]);
    const urlSafe = (bytes: Uint8Array): string =>
      Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    const signature = sign(null, text, createPrivateKey(KEY.privateKey));
    const envelope = {
      signatures: [{ sig: urlSafe(signature), keyid: '' }],
      payload: urlSafe(payload),
      payloadType: BUNDLE_PAYLOAD_TYPE,
    };
    expect(await codeOf(Buffer.from(JSON.stringify(envelope, null, 2)))).toBe('opened');
  });

  it('a signature has one spelling: s below the order of the group', () => {
    const envelope = parseEnvelope(bundleWith());
    const [{ signature, keyId } = { signature: new Uint8Array(), keyId: undefined }] = envelope.signatures;
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(signature.slice(32).toReversed()).toString('hex')}`) + order;
    const high = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed();
    const other = { ...envelope, signatures: [{ keyId, signature: Buffer.concat([signature.slice(0, 32), high]) }] };
    const keys = [{ keyId: KEY.keyId, key: SIGNER.key }];
    expect(verifyEnvelope(envelope, keys, 1)).toEqual([KEY.keyId]);
    expect(() => verifyEnvelope(other, keys, 1)).toThrow(
      expect.objectContaining({ code: 'CALLGATE_BUNDLE_SIGNATURE' }),
    );
  });

  it('what is encoded is decoded as it was, and encodes to the same bytes', () => {
    const contents = fc.record({
      name: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,20}$/u),
      sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      issued: fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
      expires: fc.integer({ min: 2_000_000_001, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
      policy: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(contents, (one) => {
        expect(decodeContents(encodeContents(one))).toEqual(one);
      }),
      RUNS,
    );
  });
});
