import { listed } from '../internal/listed.ts';
import type { UrlSpecification } from './specification.ts';

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
