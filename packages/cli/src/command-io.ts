/** Where a command writes: the part of a Node writable stream that it uses. */
export interface OutputStream {
  readonly isTTY?: boolean;
  /** `callback` runs once the text is handed on, with an error where that failed. */
  write(text: string, callback: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The world of one command run: everything it reads and writes besides the files it is told to read. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdinIsTerminal: boolean;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `listener` at an interrupt (Ctrl-C, termination) instead of ending the process. Returns the way back. */
  onInterrupt(listener: () => void): () => void;
}
