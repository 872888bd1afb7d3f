/** What judging this kind costs: `node --conditions=@callgate/source packages/arguments/bench/cidr.ts`. */
import { cidrKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const kind = compiledKind(cidrKind, { within: ['10.0.0.0/8', '2001:db8::/32'] });

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = ['1.', ':', '0:', '0', '1/', '%', ' '].map((part) => ({
  name: `a run of \`${part}\``,
  kind,
  make: (size) => part.repeat(size / part.length),
}));

if (import.meta.main) {
  showGrowth(growthInputs, [
    [kind, '10.1.2.3/32'],
    [kind, '2001:db8::1'],
  ]);
}
