/** Whether nearly all of it is letters, digits, punctuation and spaces, so that it was not decoded by chance. */
export function looksLikeText(text: string): boolean {
  if (text.length < 2) return false;
  let odd = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if ((unit < 0x20 && unit !== 0x0a && unit !== 0x09 && unit !== 0x0d) || (unit >= 0x7f && unit < 0xa0)) odd += 1;
  }
  return odd * 20 <= text.length;
}
