import { parseUrl } from '../internal/url.ts';
import type { UrlSpecification } from './specification.ts';

/** URLs near `value`: what a parser makes of it with one or all of its faults mended; then `samples`. */
export function repairUrl(
  value: string,
  specification: UrlSpecification,
  samples: readonly string[],
): readonly string[] {
  const { schemes = ['https'], hosts = [], paths, query, fragment } = specification;
  const cut = value.slice(0, 4096).trim();
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:/iu.test(cut) ? cut : `${schemes[0]}://${cut.replace(/^\/+/u, '')}`);
  if (url === undefined || url.hostname === '') return samples;
  const scheme = schemes.find((name) => `${name}:` === url.protocol) ?? schemes[0];
  const port = specification.ports === undefined || url.port === '' ? '' : `:${url.port}`;
  const host = url.hostname.replace(/\.$/u, '');
  const search = query === 'deny' ? '' : url.search;
  const hash = fragment === 'deny' ? '' : url.hash;
  const inHosts = [host, ...hosts.slice(0, 3).map((entry) => (entry.startsWith('.') ? `www${entry}` : entry))];
  const inPaths = [url.pathname.replaceAll(/\/{2,}/gu, '/'), ...(paths ?? []).slice(0, 2)];
  const queries = typeof query === 'object' ? [search, onlyNames(search, query)] : [search];
  return [
    ...new Set([
      cut,
      ...inHosts.flatMap((name) =>
        inPaths.flatMap((path) => queries.map((text) => `${scheme}://${name}${port}${path}${text}${hash}`)),
      ),
      ...samples,
    ]),
  ];
}

/** The query with what is not named left out. */
function onlyNames(search: string, names: readonly string[]): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => names.includes(part.split('=', 1)[0] ?? ''));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}
