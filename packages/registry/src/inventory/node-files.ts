import { constants } from 'node:fs';
import { open, opendir, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';

import type { FileAccess, FileReading } from './file-access.ts';

const S_IWOTH = 0o002;

/**
 * File access through `node:fs`. Links are followed and then checked; what is no ordinary file (a pipe, a device) is never read.
 */
export const nodeFiles: FileAccess = {
  read: async (path, maxBytes, within) => {
    try {
      const realPath = await realpath(path);
      if (within !== null && !(await isWithin(realPath, within))) return refused('a link leads out of what is scanned');
      // no link and no waiting for a writer: what the path stood for may have changed since
      const file = await open(realPath, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
      try {
        return await readFrom(file, realPath, maxBytes);
      } finally {
        await file.close();
      }
    } catch (error) {
      return failed(error);
    }
  },
  list: async (path, max) => {
    const names: string[] = [];
    try {
      for await (const { name } of await opendir(path)) {
        if (names.length >= max) break;
        names.push(name);
      }
    } catch {
      // a folder that is not there has nothing in it; one that may not be read is as good as empty for a pattern
    }
    return names.toSorted();
  },
};

async function readFrom(file: FileHandle, realPath: string, maxBytes: number): Promise<FileReading> {
  const stat = await file.stat();
  if (stat.isDirectory()) return { kind: 'absent' };
  if (!stat.isFile()) return refused('it is no ordinary file');
  if (stat.size > maxBytes) return refused(`larger than ${maxBytes} bytes`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size), 0, stat.size, 0);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
    return {
      kind: 'text',
      text,
      realPath,
      isWorldWritable: process.platform !== 'win32' && (stat.mode & S_IWOTH) !== 0,
    };
  } catch {
    return refused('it is not UTF-8');
  }
}

async function isWithin(realPath: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    // the folder may itself be reached through a link
    const path = relative(await realpath(folder).catch(() => folder), realPath);
    if (path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)) return true;
  }
  return false;
}

function refused(reason: string): FileReading {
  return { kind: 'refused', reason };
}

function failed(error: unknown): FileReading {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : refused(code);
}
