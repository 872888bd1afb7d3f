// Runs in a folder where the packed packages are installed: `node smoke.mjs <package>…`. Plain JavaScript, because the
// oldest Node that the packages support runs no TypeScript.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const names = process.argv.slice(2);
assert.ok(names.length > 0, 'no package named');

const require = createRequire(import.meta.url);
for (const name of names) {
  const imported = await import(name);
  assert.deepEqual(
    Object.keys(require(name)).toSorted(),
    Object.keys(imported).toSorted(),
    `${name}: require and import`,
  );
}

const { clonePlain, digestJson } = await import('@callgate/canonical');
const digest = digestJson(clonePlain({ b: [1, -0, 'é'], a: { __proto__: null, z: true } }));
assert.equal(digest, 'sha256:bcc3d1f6fe918e7aae58860e161ff503efc8a8dec76dae76271eb7f77434059a');

console.log(`${names.length} packages`);
