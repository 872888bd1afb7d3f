import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HOSTS, type HostId } from '../../src/index.ts';

/** A configuration file as the host's documentation writes it. */
export function fixtureOf(host: HostId): string {
  return readFileSync(join(import.meta.dirname, '..', 'fixtures', 'hosts', `${host}.${HOSTS[host].format}`), 'utf8');
}
