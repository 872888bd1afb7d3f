import type { ArgumentKind } from '@callgate/policy';

import { CompiledUrl } from './compiled-url.ts';
import { urlSpecification, type UrlSpecification } from './specification.ts';

/**
 * An absolute URL that every parser reads alike, on permitted hosts: `{ kind: url, hosts: [api.example.com] }`.
 *
 * Every spelling of an internal address is refused. What a name resolves to is not known to it: see `createPinnedFetch` of `callgate`.
 */
export const urlKind: ArgumentKind<UrlSpecification> = {
  name: 'url',
  summary: 'an absolute URL on permitted hosts',
  types: ['string'],
  specification: urlSpecification,
  compile(specification, report) {
    const compiled = new CompiledUrl(specification);
    specification.hosts?.forEach((entry, index) => {
      const problem = compiled.hosts.problem(entry.startsWith('.') ? `a${entry}` : entry);
      if (problem !== undefined)
        report(`/hosts/${index}`, problem.expected, `${problem.got}, which \`addresses\` refuses`);
    });
    return compiled;
  },
};
