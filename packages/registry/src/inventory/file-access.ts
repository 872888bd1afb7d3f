/** What came of reading a file. */
export type FileReading =
  | { readonly kind: 'text'; readonly text: string; readonly realPath: string; readonly isWorldWritable: boolean }
  | { readonly kind: 'absent' }
  /** It is there and was not read; `reason` is for a person. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How the inventory reads files. Neither function throws for what it finds in the file system. */
export interface FileAccess {
  /**
   * Reads a file as UTF-8.
   *
   * @param within folders that the file must be in once links are followed; null for anywhere
   */
  read(path: string, maxBytes: number, within: readonly string[] | null): Promise<FileReading>;
  /** Names in a folder, sorted, at most `max`; none for what is no folder or cannot be read. */
  list(path: string, max: number): Promise<readonly string[]>;
}
