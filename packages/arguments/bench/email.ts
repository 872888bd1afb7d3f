/** What judging addresses costs: `node --conditions=@callgate/source packages/arguments/bench/email.ts`. */
import { cidrKind, emailKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

const one = compiledKind(emailKind, {});
const list = compiledKind(emailKind, {
  form: 'either',
  separators: 'comma',
  maxRecipients: 1_000,
  domains: ['.example.com'],
});
const cidr = compiledKind(cidrKind, { within: ['10.0.0.0/8'], except: ['10.9.0.0/16'] });

const repeated =
  (part: string) =>
  (size: number): string =>
    part.repeat(Math.ceil(size / part.length));
const items =
  (part: string) =>
  (size: number): string[] =>
    Array.from({ length: Math.min(10_000, Math.ceil(size / part.length)) }, () => part);

/** Crafted values, by what they are long in. */
export const growthInputs: readonly GrowthInput[] = [
  { name: 'one long text', kind: one, make: repeated('a') },
  { name: 'many @', kind: list, make: repeated('@') },
  { name: 'many dots', kind: list, make: repeated('a.') },
  { name: 'many addresses in one text', kind: list, make: repeated('name@mail.example.com,') },
  { name: 'many separators', kind: list, make: repeated(',') },
  { name: 'many items', kind: list, make: items(`${'a.'.repeat(31)}@mail.example.com`) },
  { name: 'many items of a long domain', kind: list, make: items(`a@${'a.'.repeat(90)}example.com`) },
  { name: 'a long network', kind: cidr, make: repeated('10.') },
];

if (import.meta.main) {
  showGrowth(growthInputs, [
    [one, 'first.last@example.com'],
    [list, 'first.last@mail.example.com'],
    [cidr, '10.1.2.0/24'],
    [cidr, '10.1.2.3'],
  ]);
}
