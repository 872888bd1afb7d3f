/** The part of the Encoding Standard's `TextDecoder` that is used here: every runtime has it, no `lib` of the compiler alone does. */
interface Decoder {
  /** @throws {TypeError} for bytes that are no text in its encoding */
  decode(bytes: Uint8Array): string;
}

const { TextDecoder: HostDecoder } = globalThis as unknown as {
  readonly TextDecoder: new (
    label: string,
    options: { readonly fatal: boolean; readonly ignoreBOM?: boolean },
  ) => Decoder;
};

/** UTF-8, and nothing that is not. */
export const UTF8: Decoder = new HostDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, with U+FFFD for what is not. It never throws. */
export const LENIENT_UTF8: Decoder = new HostDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** UTF-16 with the low byte first, and nothing that is not. */
export const UTF16: Decoder = new HostDecoder('utf-16le', { fatal: true });
