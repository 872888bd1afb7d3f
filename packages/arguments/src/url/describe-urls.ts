import type { UrlSpecification } from './specification.ts';

/** The first eight of some names of the policy, in words: `a`, `b` or `c`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `\`${name}\``);
  if (names.length > shown.length) return `${shown.join(', ')} or ${names.length - shown.length} others`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

/** What passes, in words. */
export function describeUrls({
  schemes = ['https'],
  hosts,
  addresses,
  ports,
  paths,
  query,
  fragment,
}: UrlSpecification): string {
  const scheme = schemes.length === 1 ? `an ${schemes[0]} URL` : `an absolute URL (${schemes.join(', ')})`;
  const where = hosts === undefined ? `a ${addresses === 'private' ? 'permitted' : 'public'} host` : listed(hosts);
  return [
    `${scheme.replace('an w', 'a w')} on ${where}`,
    ...(ports === undefined || ports === 'any' ? [] : [`port ${listed(ports.map(String))}`]),
    ...(paths === undefined ? [] : [`below ${listed(paths)}`]),
    ...(query === 'deny' ? ['without query'] : []),
    ...(fragment === 'deny' ? ['without fragment'] : []),
  ].join(', ');
}
