import { FINDINGS, type Finding } from './problems.ts';
import type { Platform } from './parse-path.ts';

const MAX_NAME = 255;

// "Naming Files, Paths, and Namespaces" of the Windows documentation; a device is one with any ending, and with spaces before it
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])\s*(?:[.:].*)?$/isu;
// [MS-FSCC] 2.1.5.2.1: up to eight characters with a tilde and a number, and up to three behind a dot
const SHORT = /^[^.~]{1,6}~[0-9]{1,6}(?:\.[^.]{0,3})?$/u;

/** What is wrong with one name between separators. */
export function findInName(name: string, platform: Platform): Finding | undefined {
  if (name.length > MAX_NAME) return FINDINGS.longName;
  if (platform === 'posix') return undefined;
  const last = name.charCodeAt(name.length - 1);
  if (last === 0x2e || last === 0x20 || (last > 0x7f && /\s$/u.test(name))) return FINDINGS.trailing;
  const first = name.charCodeAt(0) | 0x20;
  // a c l n p: the first letters of devices
  if ((first === 0x61 || first === 0x63 || first === 0x6c || first === 0x6e || first === 0x70) && DEVICE.test(name))
    return FINDINGS.device;
  return name.includes('~') && SHORT.test(name) ? FINDINGS.shortName : undefined;
}

/** Folders in which names stand for processes, devices and open files, so that a path through them leads anywhere. */
const KERNEL: ReadonlySet<string> = new Set(['proc', 'dev', 'sys', '.vol']);

/** Whether an absolute path leads into a file system of the kernel that its root does not itself lie in. */
export function isSpecial(anchor: string, names: readonly string[], rootDepth: number): boolean {
  return anchor === '/' && rootDepth === 0 && KERNEL.has((names[0] ?? '').toLowerCase());
}
