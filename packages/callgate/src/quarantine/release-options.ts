/** Who releases something from quarantine, and why. Both go into the record. */
export interface ReleaseOptions {
  /** A person, 1 to 128 characters. */
  readonly by: string;
  /** In words, 1 to 500 characters. */
  readonly reason: string;
}

/** @throws {TypeError} without a person or a reason: what is handed out is on somebody */
export function assertReleaseOptions(options: ReleaseOptions): ReleaseOptions {
  const { by, reason } = options ?? {};
  if (!isLine(by, 128)) throw new TypeError('by: expected a person, as text of 1 to 128 characters');
  if (!isLine(reason, 500)) throw new TypeError('reason: expected text of 1 to 500 characters');
  return { by, reason };
}

function isLine(text: unknown, most: number): text is string {
  return typeof text === 'string' && text.trim() !== '' && text.length <= most && text.isWellFormed();
}
