const IDENTIFIER = /^[A-Za-z0-9_.-]{1,64}$/u;

/**
 * A name that the caller chose, as it may stand in a message: in backticks where it looks like an identifier of at most 64
 * characters, otherwise `fallback`. Other text could be a secret, or an instruction to whoever reads the message.
 */
export function foreignName(name: unknown, fallback: string): string {
  return isIdentifier(name) ? `\`${name}\`` : fallback;
}

/** Whether a foreign name may be repeated. */
export function isIdentifier(name: unknown): name is string {
  return typeof name === 'string' && IDENTIFIER.test(name);
}
