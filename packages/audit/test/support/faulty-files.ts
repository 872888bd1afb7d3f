import { NODE_FILES, type FileOperations, type OpenFile } from '../../src/internal/file-operations.ts';

/** The system's error with this code. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: on purpose`), { code });
}

/** Real files, whose operations can be made to fail. Counts what was done. */
export class FaultyFiles implements FileOperations {
  /** Bytes that writes of open files still take before the disk is full; partial writes happen. */
  room = Number.POSITIVE_INFINITY;
  /** The most one write takes. */
  maxWrite = Number.POSITIVE_INFINITY;
  free = Number.POSITIVE_INFINITY;
  readonly failures = new Map<keyof FileOperations | keyof OpenFile, Error>();
  readonly calls: string[] = [];

  async makeDirectory(path: string): Promise<void> {
    return this.#run('makeDirectory', () => NODE_FILES.makeDirectory(path));
  }

  list(path: string): Promise<readonly string[]> {
    return this.#run('list', () => NODE_FILES.list(path));
  }

  stateOf(path: string): ReturnType<FileOperations['stateOf']> {
    return this.#run('stateOf', () => NODE_FILES.stateOf(path));
  }

  async create(path: string): Promise<OpenFile> {
    const file = await this.#run('create', () => NODE_FILES.create(path));
    return path.includes('.jsonl') ? this.#faulty(file) : file;
  }

  async openToAppend(path: string): Promise<OpenFile> {
    return this.#faulty(await this.#run('openToAppend', () => NODE_FILES.openToAppend(path)));
  }

  openToRead(path: string): Promise<OpenFile> {
    return this.#run('openToRead', () => NODE_FILES.openToRead(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#run('syncDirectory', () => NODE_FILES.syncDirectory(path));
  }

  link(existing: string, path: string): Promise<void> {
    return this.#run('link', () => NODE_FILES.link(existing, path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run('rename', () => NODE_FILES.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#run('remove', () => NODE_FILES.remove(path));
  }

  freeBytes(): Promise<number> {
    return this.#run('freeBytes', async () => this.free);
  }

  #faulty(file: OpenFile): OpenFile {
    return {
      write: (bytes) =>
        this.#run('write', async () => {
          if (this.room <= 0) throw systemError('ENOSPC');
          const taken = Math.min(bytes.length, this.maxWrite, this.room);
          this.room -= taken;
          return file.write(bytes.subarray(0, taken));
        }),
      read: (into, position) => this.#run('read', () => file.read(into, position)),
      datasync: () => this.#run('datasync', () => file.datasync()),
      state: () => this.#run('state', () => file.state()),
      truncate: (bytes) => this.#run('truncate', () => file.truncate(bytes)),
      close: async () => {
        await file.close();
        await this.#run('close', async () => undefined);
      },
    };
  }

  async #run<T>(name: keyof FileOperations | keyof OpenFile, operation: () => Promise<T>): Promise<T> {
    this.calls.push(name);
    const failure = this.failures.get(name);
    if (failure !== undefined) throw failure;
    return operation();
  }
}
