/** Whether bytes are UTF-8 (RFC 3629 §4). Asked before decoding: a decoder that throws costs a hundred times more. */
export function isUtf8(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    at += 1;
    if (lead < 0x80) continue;
    const count = continuations(lead);
    if (count === 0) return false;
    const first = bytes[at] ?? 0;
    if (!isFirstContinuation(lead, first)) return false;
    for (let index = 1; index < count; index += 1) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return false;
    at += count;
  }
  return at === bytes.length;
}

/** How many bytes follow a lead byte; 0 for what is none. */
function continuations(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
}

/** Neither overlong, nor a surrogate, nor beyond U+10FFFF. */
function isFirstContinuation(lead: number, byte: number): boolean {
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= most;
}
