import { excerpt } from '@callgate/canonical';

import { AuditError, type AuditErrorCode } from '../errors.ts';
import { errnoOf } from './file-operations.ts';

const CODES: ReadonlyMap<string, AuditErrorCode> = new Map([
  ['ENOSPC', 'CALLGATE_AUDIT_NO_SPACE'],
  ['EDQUOT', 'CALLGATE_AUDIT_NO_SPACE'],
  ['EFBIG', 'CALLGATE_AUDIT_NO_SPACE'],
  ['EACCES', 'CALLGATE_AUDIT_NOT_WRITABLE'],
  ['EPERM', 'CALLGATE_AUDIT_NOT_WRITABLE'],
  ['EROFS', 'CALLGATE_AUDIT_NOT_WRITABLE'],
  ['ENOTDIR', 'CALLGATE_AUDIT_NOT_A_DIRECTORY'],
  ['EISDIR', 'CALLGATE_AUDIT_NOT_A_DIRECTORY'],
  ['EEXIST', 'CALLGATE_AUDIT_NOT_A_DIRECTORY'],
  ['ELOOP', 'CALLGATE_AUDIT_UNSAFE_PATH'],
  ['ENOENT', 'CALLGATE_AUDIT_NOT_FOUND'],
]);

/** What is most likely wrong, for people: the system's own names say little. */
const REASONS: Partial<Record<AuditErrorCode, string>> = {
  CALLGATE_AUDIT_NO_SPACE: 'the disk or the quota is full',
  CALLGATE_AUDIT_NOT_WRITABLE: 'no permission, or a read-only file system',
  CALLGATE_AUDIT_NOT_A_DIRECTORY: 'a file is where a folder should be, or the reverse',
  CALLGATE_AUDIT_UNSAFE_PATH: 'a symbolic link is in the way',
  CALLGATE_AUDIT_NOT_FOUND: 'no such file or folder',
};

/** Runs file operations; what the system refuses becomes a typed error with the system's as its cause. Other errors pass. */
export async function withFileErrors<T>(doing: string, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw errnoOf(error) === undefined ? error : fileError(error, doing, path);
  }
}

export function fileError(error: unknown, doing: string, path: string): AuditError {
  if (error instanceof AuditError) return error;
  const errno = errnoOf(error);
  const code = CODES.get(errno ?? '') ?? 'CALLGATE_AUDIT_IO_FAILED';
  const name = errno ?? 'unknown failure';
  const reason = REASONS[code];
  const what = reason === undefined ? name : `${reason} (${name})`;
  return new AuditError(code, `cannot ${doing} \`${excerpt(path)}\`: ${what}`, { cause: error });
}
