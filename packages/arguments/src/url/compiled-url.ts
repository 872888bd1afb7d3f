import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment, KindProblem, NamedResource } from '@callgate/policy';

import { listed } from '../internal/listed.ts';
import { proveWithin } from '../internal/prove-within.ts';
import { parseUrl } from '../internal/url.ts';
import { characterProblem, encodingProblem } from './check-characters.ts';
import { pathProblem, prefixProblem } from './check-path.ts';
import { queryProblem } from './check-query.ts';
import { describeUrls } from './describe-urls.ts';
import { canonicalHost, HostRules } from './host-rules.ts';
import { isUrlsWithin } from './is-urls-within.ts';
import { urlProblem } from './problems.ts';
import { repairUrl } from './repair-url.ts';
import { probeUrls, sampleUrls } from './sample-urls.ts';
import { DEFAULT_MAX_LENGTH, DEFAULT_PORTS, type UrlScheme, type UrlSpecification } from './specification.ts';
import { splitUrl, type UrlParts } from './split-url.ts';

/** An `url` specification, ready to judge. */
export class CompiledUrl implements CompiledKind {
  readonly kind = 'url';
  readonly expected: string;
  readonly specification: UrlSpecification;
  readonly hosts: HostRules;
  readonly schemes: ReadonlySet<string>;
  readonly maxLength: number;
  readonly #query: 'allow' | 'deny' | ReadonlySet<string>;
  #samples: readonly string[] | undefined;
  #probes: readonly string[] | undefined;

  constructor(specification: UrlSpecification) {
    this.specification = specification;
    this.expected = describeUrls(specification);
    this.schemes = new Set(specification.schemes ?? ['https']);
    this.maxLength = specification.maxLength ?? DEFAULT_MAX_LENGTH;
    const { query = 'allow' } = specification;
    this.#query = typeof query === 'string' ? query : new Set(query);
    this.hosts = new HostRules(specification, `a URL on ${listed(specification.hosts ?? [])}`);
  }

  check(value: JsonValue): readonly KindProblem[] {
    if (typeof value !== 'string') return [urlProblem('url.syntax', this.expected, 'no text')];
    const outcome = this.#read(value);
    return typeof outcome === 'string' ? [] : outcome;
  }

  canonical(value: JsonValue): JsonValue | undefined {
    const outcome = typeof value === 'string' ? this.#read(value) : undefined;
    return typeof outcome === 'string' ? outcome : undefined;
  }

  isWithin(other: CompiledKind): Containment {
    return proveWithin(this, other, other instanceof CompiledUrl && isUrlsWithin(this, other));
  }

  samples(): readonly string[] {
    this.#samples ??= sampleUrls(this.specification)
      .filter((text) => this.check(text).length === 0)
      .slice(0, 64);
    return this.#samples;
  }

  probes(): readonly string[] {
    this.#probes ??= probeUrls(this.specification, this.samples());
    return this.#probes;
  }

  repair(value: JsonValue | undefined): readonly string[] {
    return repairUrl(typeof value === 'string' ? value : '', this.specification, this.samples()).slice(0, 16);
  }

  resources(value: JsonValue): readonly NamedResource[] {
    const href = this.canonical(value);
    const name = typeof href === 'string' ? parseUrl(href)?.hostname : undefined;
    return name === undefined ? [] : [{ type: 'host', name }];
  }

  /** The canonical form, or what is wrong. */
  #read(text: string): string | readonly KindProblem[] {
    if (text.length > this.maxLength) {
      return [urlProblem('url.too_long', `at most ${this.maxLength} characters`, 'a longer URL', 'shorten the URL')];
    }
    const character = characterProblem(text);
    if (character !== undefined) return [character];
    const parts = splitUrl(text);
    if (parts === undefined) {
      return [
        urlProblem('url.syntax', this.expected, 'text that does not begin with `scheme://`', 'write an absolute URL'),
      ];
    }
    const problems = [...this.#problems(parts)];
    return problems.length > 0 ? problems : this.#serialise(parts);
  }

  *#problems(parts: UrlParts): Generator<KindProblem> {
    const { scheme, authority, path, query, fragment } = parts;
    if (!this.schemes.has(scheme)) {
      const schemes = listed([...this.schemes]);
      yield urlProblem('url.scheme', `the scheme ${schemes}`, 'another scheme', `use the scheme ${schemes}`);
    }
    const encoding = encodingProblem(parts);
    if (encoding !== undefined) yield encoding;
    yield* this.#authorityProblems(scheme, authority);
    const ofPath =
      pathProblem(path) ??
      (this.specification.paths === undefined
        ? undefined
        : prefixProblem(path, this.specification.paths, `a path under ${listed(this.specification.paths)}`));
    if (ofPath !== undefined) yield ofPath;
    const ofQuery = queryProblem(query, this.#query);
    if (ofQuery !== undefined) yield ofQuery;
    if (fragment !== undefined && this.specification.fragment === 'deny') {
      yield urlProblem('url.fragment', 'no fragment', 'a fragment', 'remove the fragment');
    }
  }

  *#authorityProblems(scheme: string, authority: string): Generator<KindProblem> {
    if (authority.includes('@')) {
      yield urlProblem(
        'url.credentials',
        'a host without `@` before it',
        'credentials',
        'remove what is before the host',
      );
      return;
    }
    const groups = AUTHORITY.exec(authority)?.groups;
    const host = this.hosts.problem(groups?.['host'] ?? authority);
    if (host !== undefined) yield host;
    if (groups?.['port'] === undefined) {
      if (!this.#allowsPort(scheme, DEFAULT_PORTS[scheme as UrlScheme])) yield this.#portProblem();
      return;
    }
    if (!PORT.test(groups['port']) || !this.#allowsPort(scheme, Number(groups['port']))) yield this.#portProblem();
  }

  #allowsPort(scheme: string, port: number): boolean {
    const { ports } = this.specification;
    if (ports === 'any') return port <= 65_535;
    return ports === undefined ? port === DEFAULT_PORTS[scheme as UrlScheme] : ports.includes(port);
  }

  #portProblem(): KindProblem {
    const { ports } = this.specification;
    if (ports === undefined) return urlProblem('url.port', "the scheme's own port", 'another port', 'remove the port');
    const expected = ports === 'any' ? 'a port from 1 to 65535' : `the port ${listed(ports.map(String))}`;
    return urlProblem('url.port', expected, 'another port, or a spelling of its own');
  }

  /** The URL written anew: case, default port and encoding may change. The WHATWG parser must agree to the letter. */
  #serialise({ scheme, authority, path, query, fragment }: UrlParts): string | readonly KindProblem[] {
    const { host = '', port = '' } = AUTHORITY.exec(authority)?.groups ?? {};
    const href = [
      `${scheme}://${canonicalHost(host)}`,
      port === '' || Number(port) === DEFAULT_PORTS[scheme as UrlScheme] ? '' : `:${port}`,
      path === '' ? '/' : encoded(path),
      query === undefined ? '' : `?${encoded(query).replaceAll("'", '%27')}`,
      fragment === undefined ? '' : `#${encoded(fragment)}`,
    ].join('');
    const url = parseUrl(href);
    if (url?.href !== href || url.username !== '' || url.password !== '') {
      return [urlProblem('url.ambiguous', 'a URL that every parser reads alike', 'one that the WHATWG parser changes')];
    }
    if (href.length <= this.maxLength) return href;
    const expected = `at most ${this.maxLength} characters when encoded`;
    return [urlProblem('url.too_long', expected, 'a longer URL', 'shorten the URL')];
  }
}

/** Letters of other scripts in UTF-8, percent-encoded. */
function encoded(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/gu, encodeURIComponent);
}

const AUTHORITY = /^(?<host>\[[^[\]]*\]|[^[\]:]*)(?::(?<port>.*))?$/su;
const PORT = /^[1-9]\d{0,4}$/u;
