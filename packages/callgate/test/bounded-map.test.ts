import { describe, expect, it } from 'vitest';

import { BoundedMap } from '../src/connection/bounded-map.ts';

describe('BoundedMap', () => {
  it('forgets what was set longest ago, and setting again makes new', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.set('c', 4);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4]);
    expect([map.has('a'), map.has('b')]).toEqual([true, false]);
  });
});
