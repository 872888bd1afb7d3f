import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with files for one test. */
export interface Tree {
  readonly path: string;
  /** Writes a file, its folders included, and returns its path. */
  write(name: string, text: string, mode?: number): string;
  link(name: string, target: string): string;
  clean(): void;
}

/** Makes an empty folder; remove it with `clean`. */
export function createTree(): Tree {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-registry-')));
  const at = (name: string): string => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  return {
    path,
    write: (name, text, mode = 0o600) => {
      const file = at(name);
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    link: (name, target) => {
      const file = at(name);
      symlinkSync(target, file);
      return file;
    },
    clean: () => rmSync(path, { recursive: true, force: true }),
  };
}
