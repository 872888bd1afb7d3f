import type { ArgumentKind } from '@callgate/policy';

import { CompiledCidr } from './compiled-cidr.ts';
import { partsOutside } from './sample-cidrs.ts';
import { cidrSpecification, type CidrSpecification } from './specification.ts';

/** An IP address, or a network as address and prefix length: `{ kind: cidr, within: [10.0.0.0/8], minPrefix4: 16 }`. */
export const cidrKind: ArgumentKind<CidrSpecification> = {
  name: 'cidr',
  summary: 'an IP address or network',
  types: ['string'],
  specification: cidrSpecification,
  compile(specification, report) {
    const compiled = new CompiledCidr(specification);
    specification.within?.forEach((text, index) => {
      if (!compiled.versions.some((version) => compiled.within[index]?.version === version)) {
        report(`/within/${index}`, 'a network of one of the `versions`', `\`${text}\``);
      }
    });
    if (compiled.within.every((network) => partsOutside(network, compiled.except, 1).length === 0))
      report('', 'a specification that something passes', 'one that nothing passes');
    return compiled;
  },
};
