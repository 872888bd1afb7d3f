/** Which servers are configured where they should not be: the snippet of the guide. */
import { takeInventory, type Inventory } from '@callgate/registry';

// #region take
/** The places in a checkout where a secret is written out, and the servers that run something unpinned. */
export async function lookInto(project: string): Promise<readonly string[]> {
  const { findings }: Inventory = await takeInventory({
    system: { platform: 'linux', homes: [], projects: [project], root: null },
  });
  return findings
    .filter(({ id }) => id === 'secret-plaintext' || id === 'package-unpinned')
    .map(({ server, line, message }) => `${server ?? 'file'}, line ${line ?? 1}: ${message}`);
}
// #endregion
