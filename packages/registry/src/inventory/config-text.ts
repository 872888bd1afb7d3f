/**
 * A text of a configuration file that may hold a secret, and the line it stands on. Printing, serialising or inspecting it shows the
 * line only; {@link ConfigText.reveal} gives the text.
 */
export class ConfigText {
  /** The line in its file, from 1. */
  readonly line: number;
  readonly #text: string;

  constructor(text: string, line: number) {
    this.#text = text;
    this.line = line;
  }

  /** The text as the file has it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[hidden]';
  }
}
