import { readFileSync } from 'node:fs';

/** The version of this package, from its manifest (one folder up from the source and from the build alike). */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
