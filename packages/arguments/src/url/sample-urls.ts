import { DEFAULT_MAX_LENGTH, DEFAULT_PORTS, type UrlScheme, type UrlSpecification } from './specification.ts';

interface Choice {
  readonly scheme: UrlScheme;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Candidates: each value of each key once, the other keys at their first value. */
export function sampleUrls(specification: UrlSpecification): readonly string[] {
  const { schemes = ['https'], ports, paths, query } = specification;
  const hosts = hostsOf(specification);
  const base: Choice = {
    scheme: schemes[0] ?? 'https',
    host: hosts[0] ?? 'example.com',
    port: ports === undefined || ports === 'any' ? undefined : portFor(schemes[0] ?? 'https', ports[0]),
    path: paths?.[0] ?? '/',
    query: '',
    fragment: '',
  };
  const names = typeof query === 'object' ? query : ['q'];
  const make = (changes: Partial<Choice>): string => textOf({ ...base, ...changes });
  const portsTried = ports === 'any' ? [8443, 1, 65_535] : (ports ?? []);
  return [
    ...hosts.map((host) => make({ host })),
    ...schemes.map((scheme) => make({ scheme })),
    ...portsTried.map((port) => make({ port: portFor(base.scheme, port) })),
    ...(paths ?? ['/a', '/a%2Fb']).flatMap((path) => [make({ path }), make({ path: `${path.replace(/\/$/u, '')}/a` })]),
    ...(query === 'deny' ? [] : names.map((name) => make({ query: `?${name}=1` }))),
    make({ fragment: '#a' }),
  ];
}

/** Candidates at and beyond each bound. */
export function probeUrls(specification: UrlSpecification, samples: readonly string[]): readonly string[] {
  const { maxLength = DEFAULT_MAX_LENGTH } = specification;
  const text = samples[0] ?? sampleUrls(specification)[0] ?? 'https://example.com/';
  const { scheme, host, port, rest } = FORM.exec(text)?.groups ?? {};
  const withHost = (name: string): string => `${scheme}://${name}${port ?? ''}${rest}`;
  const stem = text.endsWith('/') ? text : `${text}/`;
  return [
    ...new Set([
      ...samples,
      ...sampleUrls(specification).slice(0, 40),
      ...Object.keys(DEFAULT_PORTS).map((other) => `${other}://${host}${port ?? ''}${rest}`),
      ...[8443, 8080, 443, 80].map((other) => `${scheme}://${host}:${other}${rest}`),
      ...[`sub.${host}`, `${host}.example.net`, 'example.com', 'xn--bcher-kva.example', ...PROBED_HOSTS].map(withHost),
      withHost(`user@${host}`),
      `${stem}a`,
      `${stem}../a`,
      `${stem}a%2Fb`,
      `${text}2`,
      `${text}?`,
      `${text}?q=1`,
      `${text}?q=1;r=2`,
      `${text}#a`,
      stem.padEnd(maxLength, 'a'),
      stem.padEnd(maxLength + 1, 'a'),
    ]),
  ].slice(0, 128);
}

const PROBED_HOSTS: readonly string[] = [
  '1.1.1.1',
  '[2606:4700:4700::1111]',
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '[::1]',
  '[fd00::1]',
  '[::ffff:10.0.0.1]',
  '2130706433',
  'localhost',
  'intranet',
  'wiki.internal',
  '10.0.0.1.nip.io',
];

const FORM = /^(?<scheme>[a-z]+):\/\/(?<host>\[[^\]]*\]|[^/:?#]*)(?<port>:\d+)?(?<rest>.*)$/su;

/** One host for each entry; where there is no list, some of each class. */
function hostsOf({ hosts }: UrlSpecification): readonly string[] {
  if (hosts === undefined) return ['example.com', 'www.example.com', ...PROBED_HOSTS];
  return hosts.slice(0, 40).map((entry) => (entry.startsWith('.') ? `a${entry}` : entry).toLowerCase());
}

/** The port to write: none where it is the scheme's own. */
function portFor(scheme: UrlScheme, port: number | undefined): number | undefined {
  return port === DEFAULT_PORTS[scheme] ? undefined : port;
}

function textOf({ scheme, host, port, path, query, fragment }: Choice): string {
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${path}${query}${fragment}`;
}
