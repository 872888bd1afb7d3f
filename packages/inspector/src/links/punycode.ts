const BASE = 36;
const MAX_LABEL = 63;

/** The label that `xn--…` stands for (RFC 3492 §6.2); undefined where it stands for none. */
export function decodeLabel(label: string): string | undefined {
  if (!label.startsWith('xn--') || label.length > MAX_LABEL) return undefined;
  const encoded = label.slice(4);
  const delimiter = encoded.lastIndexOf('-');
  const points = Array.from(encoded.slice(0, Math.max(delimiter, 0)), (letter) => letter.charCodeAt(0));
  let point = 128;
  let index = 0;
  let bias = 72;
  for (let at = delimiter + 1; at < encoded.length;) {
    const before = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(encoded.charCodeAt(at));
      if (digit === undefined) return undefined;
      at += 1;
      index += digit * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= BASE - threshold;
      if (at >= encoded.length) return undefined;
    }
    const count = points.length + 1;
    bias = adapted(index - before, count, before === 0);
    point += Math.floor(index / count);
    index %= count;
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    points.splice(index, 0, point);
    index += 1;
  }
  return String.fromCodePoint(...points);
}

function digitOf(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  const lower = code | 32;
  return lower >= 0x61 && lower <= 0x7a ? lower - 0x61 : undefined;
}

/** RFC 3492 §6.1 */
function adapted(delta: number, count: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? 700 : 2));
  left += Math.floor(left / count);
  let k = 0;
  for (; left > 455; k += BASE) left = Math.floor(left / (BASE - 1));
  return k + Math.floor((BASE * left) / (left + 38));
}
