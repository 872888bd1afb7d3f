import { describe, expect, test } from 'vitest';

import { ActorContext, createActor, MAX_NESTED_RUNS } from '../src/actor.ts';

describe('A run inside another', () => {
  test('is part of it, and of what that is part of, innermost first', () => {
    const outer = createActor({}, 'outer');
    const middle = createActor({}, 'middle', outer);
    expect(createActor({}, 'inner', middle).parents).toStrictEqual(['middle', 'outer']);
  });

  test('is not its own part, however often it is entered again', () => {
    const outer = createActor({}, 'outer');
    const inner = createActor({}, 'inner', outer);
    expect(createActor({}, 'inner', inner).parents).toStrictEqual(['outer']);
    expect(createActor({}, 'outer', inner).parents).toStrictEqual(['inner']);
  });

  test('is refused beyond the bound, because a run that is left out would be a budget that nobody uses up', () => {
    let actor = createActor({}, 'run-0');
    for (let depth = 1; depth < MAX_NESTED_RUNS; depth += 1) actor = createActor({}, `run-${depth}`, actor);
    expect(actor.parents).toHaveLength(MAX_NESTED_RUNS - 1);
    expect(() => createActor({}, 'one-more', actor)).toThrow('at most 16 runs inside each other');
  });

  test('is found in what is awaited inside', async () => {
    const actors = new ActorContext();
    const outer = createActor({ user: 'u' }, 'outer');
    const parents = await actors.run(outer, async () => {
      await Promise.resolve();
      return createActor({}, 'inner', actors.current()).parents;
    });
    expect(parents).toStrictEqual(['outer']);
  });
});
