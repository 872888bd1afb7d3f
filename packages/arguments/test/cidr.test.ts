import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cidrKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

kindContract(cidrKind, [
  {
    specification: {},
    pass: [
      '10.0.0.1',
      '0.0.0.0',
      '10.0.0.0/8',
      '192.168.1.0/24',
      '192.168.1.7/32',
      '2001:db8::1',
      '2001:DB8::/32',
      '2001:db8:0:0:0:0:0:1/128',
      '::1',
      'fe80::/64',
    ],
    fail: [
      7,
      null,
      ['10.0.0.1'],
      '',
      '/',
      '10.0.0.1/',
      '/24',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0.0/+8',
      '10.0.0.0/8/8',
      '10.0.0.0/255.0.0.0',
      '10.0.0.1/8',
      '0.0.0.0/0',
      '10.0.0.0/7',
      '::/0',
      '2001:db8::1/64',
      '2001:d00::/24',
      '010.0.0.1',
      '10.0.0',
      '10.1',
      '0x0a000001',
      '167772161',
      '10.0.0.1.',
      ' 10.0.0.1',
      '10.0.0.1\n',
      '10.0.0.256',
      '１0.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:a00:1',
      '::ffff:0:0/96',
      '::a00:1',
      '64:ff9b::a00:1',
      '2002:a00:1::/48',
      '2001:0:a00:1::/64',
      'fe80::1%eth0',
      '[::1]',
      '00001::1',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      ':::',
      'localhost',
      '10.0.0.0-10.0.0.9',
      '10.0.0.0/8,0.0.0.0/0',
    ],
  },
  {
    specification: { within: ['10.0.0.0/8', '192.168.4.0/22'], except: ['10.9.0.0/16'], versions: [4], minPrefix4: 16 },
    pass: ['10.0.0.1', '10.1.0.0/16', '192.168.4.0/22', '192.168.7.255', '10.8.0.0/16'],
    fail: ['11.0.0.1', '10.0.0.0/8', '10.0.0.0/15', '192.168.0.0/16', '192.168.8.1', '10.9.0.1', '10.9.1.0/24', '::1'],
  },
  {
    specification: { form: 'network', versions: [6], minPrefix6: 48, within: ['2001:db8::/32'] },
    pass: ['2001:db8::/48', '2001:db8:1::/48', '2001:db8::1/128'],
    fail: ['2001:db8::1', '2001:db8::/32', '2001:db9::/48', '10.0.0.0/24'],
  },
  {
    specification: { form: 'address', within: ['10.0.0.0/8'] },
    pass: ['10.0.0.1'],
    fail: ['10.0.0.1/32', '11.0.0.1'],
  },
]);

test('what several exceptions leave over is found', () => {
  const compiled = compileKind(cidrKind, {
    within: ['10.0.0.0/8'],
    except: ['10.0.0.0/9', '10.192.0.0/10', '10.128.0.0/11'],
  });
  expect(compiled.samples()).toContain('10.160.0.0/11');
});

test('a network of one address and the address are the same thing', () => {
  const either = compileKind(cidrKind);
  expect(either.canonical('10.0.0.1/32')).toBe('10.0.0.1');
  expect(either.canonical('2001:DB8:0:0::1/128')).toBe('2001:db8::1');
  expect(compileKind(cidrKind, { form: 'network' }).canonical('10.0.0.1/32')).toBe('10.0.0.1/32');
});

describe('what an author can get wrong', () => {
  test.each([[{ within: ['::/0'], versions: [4] }], [{ within: ['10.0.0.0/8'], except: ['10.0.0.0/8'] }]])(
    'a specification that nothing passes: %j',
    (specification) => {
      expect(() => compileKind(cidrKind, specification)).toThrow(/expected/u);
    },
  );

  test.each([
    [{ within: [] }],
    [{ within: ['10.0.0.1/8'] }],
    [{ within: ['10.0.0.0'] }],
    [{ versions: [5] }],
    [{ minPrefix4: 33 }],
  ])('%j', (specification) => {
    expect(cidrKind.specification.safeParse(specification).success).toBe(false);
  });
});

describe('containment', () => {
  test.each([
    [{ within: ['10.1.0.0/16'] }, { within: ['10.0.0.0/8'] }, 'yes'],
    [{ within: ['10.0.0.0/8'] }, { within: ['10.1.0.0/16'] }, 'no'],
    [{ within: ['10.0.0.0/8'], minPrefix4: 24 }, { within: ['10.0.0.0/8'] }, 'yes'],
    [{ within: ['10.0.0.0/8'] }, { within: ['10.0.0.0/8'], minPrefix4: 24 }, 'no'],
    [{ within: ['10.1.0.0/24'] }, { minPrefix4: 24 }, 'yes'],
    [{ within: ['10.0.0.0/8'], except: ['10.9.0.0/16'] }, { within: ['10.0.0.0/8'] }, 'yes'],
    [{ within: ['10.0.0.0/8'] }, { within: ['10.0.0.0/8'], except: ['10.9.0.0/16'] }, 'no'],
    [{ within: ['10.0.0.0/16'] }, { except: ['10.9.0.0/16'] }, 'yes'],
    [{ form: 'address' }, {}, 'yes'],
    [{}, { form: 'address' }, 'no'],
    [{ versions: [4] }, {}, 'yes'],
    [{}, { versions: [4] }, 'no'],
    [{ form: 'address', minPrefix4: 8 }, { form: 'address', minPrefix4: 16 }, 'yes'],
  ])('%j within %j: %s', (inner, outer, expected) => {
    expect(compileKind(cidrKind, inner).isWithin(compileKind(cidrKind, outer))).toBe(expected);
  });
});

const network4 = fc
  .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 8, max: 32 }))
  .map(([number, prefix]) => {
    const first = prefix === 32 ? number : ((number >>> (32 - prefix)) << (32 - prefix)) >>> 0;
    return { first, last: first + 2 ** (32 - prefix) - 1, text: `${dotted(first)}/${prefix}` };
  });

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

test('a network lies in another when its first and last address do', () => {
  fc.assert(
    fc.property(network4, network4, fc.boolean(), (one, other, isNear) => {
      const outer = isNear ? { ...other, text: `${one.text.split('/')[0]}/32` } : other;
      const compiled = compileKind(cidrKind, { within: [one.text] });
      const inside = isNear || (one.first <= outer.first && outer.last <= one.last);
      expect(passes(compiled, outer.text)).toBe(inside);
    }),
    { numRuns: casesOr(100) },
  );
});

test('where containment is proved, no value contradicts it', () => {
  const specification = fc.record(
    {
      within: fc.array(
        network4.map(({ text }) => text),
        { minLength: 1, maxLength: 2 },
      ),
      except: fc.array(
        network4.map(({ text }) => text),
        { minLength: 1, maxLength: 2 },
      ),
      minPrefix4: fc.integer({ min: 4, max: 32 }),
      form: fc.constantFrom('address', 'network', 'either'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(specification, specification, network4, (mine, theirs, value) => {
      const [inner, outer] = [mine, theirs].map((one) => cidrKind.compile(one as never, () => undefined));
      const verdict = inner!.isWithin(outer!);
      const values = [value.text, ...inner!.samples(), ...inner!.probes(), ...outer!.probes()];
      const outside = values.filter((one) => passes(inner!, one) && !passes(outer!, one));
      if (verdict === 'yes') expect(outside).toStrictEqual([]);
    }),
    { numRuns: casesOr(500) },
  );
});

test('IPv6 is written as the WHATWG URL parser writes it', () => {
  const compiled = compileKind(cidrKind);
  const group = fc.oneof(
    fc.constant('0'),
    fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16)),
  );
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const text = groups.join(':');
      const canonical = compiled.canonical(text);
      if (canonical !== undefined) expect(`[${canonical as string}]`).toBe(new URL(`http://[${text}]/`).hostname);
    }),
    { numRuns: casesOr(100) },
  );
});
