/**
 * Started by portable.test.ts with `--experimental-vm-modules`: loads this package's source into a context that has
 * none of Node's globals, resolving without the `node` condition, and prints what it computes there.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, SourceTextModule, type Context, type Module } from 'node:vm';

const packageRoot = new URL('../../', import.meta.url);
const loaded = new Map<string, SourceTextModule>();
// What the language does not have and every browser and worker does.
const context: Context = createContext({ TextEncoder, result: undefined });

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith('node:')) throw new Error(`${from} imports ${specifier}`);
  if (specifier.startsWith('.')) return new URL(specifier, from).href;
  if (specifier === '#sha256') return new URL(portableSha256(), packageRoot).href;
  return import.meta.resolve(specifier);
}

/** What `#sha256` is to a runtime that knows neither `node` nor this workspace's sources, in its source form. */
function portableSha256(): string {
  const manifest = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    readonly imports: { readonly '#sha256': { readonly default: string; readonly '@callgate/source': string } };
  };
  const { default: built, '@callgate/source': source } = manifest.imports['#sha256'];
  if (built.replace('dist', 'src').replace('.js', '.ts') !== source) throw new Error('source and build differ');
  return source;
}

function load(url: string): SourceTextModule {
  const known = loaded.get(url);
  if (known !== undefined) return known;
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const code = url.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const module = new SourceTextModule(code, { identifier: url, context });
  loaded.set(url, module);
  return module;
}

const main = new SourceTextModule(
  `import { canonicalize, clonePlain, createIdSource, digestJson } from './src/index.ts';
   const value = clonePlain({ b: [1, -0, 'é'], a: { z: true } });
   globalThis.result = [canonicalize(value), digestJson(value), createIdSource('x', (bytes) => bytes.fill(7))(),
     typeof process, typeof Buffer, typeof crypto].join(' ');`,
  { identifier: new URL('main.js', packageRoot).href, context },
);
await main.link((specifier: string, referrer: Module) => load(resolve(specifier, referrer.identifier)));
await main.evaluate();
console.log((context as { readonly result: string }).result);
