import { join } from 'node:path';

import type { FileAccess } from './file-access.ts';
import type { ConfigLocation } from './locations.ts';

/** The most names of a folder that a pattern is compared with. */
const MAX_NAMES = 1_000;

/** The paths that a location stands for: itself, or what its pattern finds. */
export async function pathsAt({ base, segments }: ConfigLocation, access: FileAccess): Promise<readonly string[]> {
  let paths: readonly string[] = [base];
  for (const segment of segments) {
    const next: string[] = [];
    for (const path of paths) {
      if (!segment.includes('*')) next.push(join(path, segment));
      else for (const name of await access.list(path, MAX_NAMES)) if (fits(name, segment)) next.push(join(path, name));
    }
    paths = next.slice(0, MAX_NAMES);
  }
  return paths;
}

/** A pattern has one `*`, for anything that does not begin with a dot. */
function fits(name: string, pattern: string): boolean {
  const [before = '', after = ''] = pattern.split('*');
  const isLong = name.length >= before.length + after.length;
  return isLong && !name.startsWith('.') && name.startsWith(before) && name.endsWith(after);
}
