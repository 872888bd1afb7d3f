import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind, KindProblem } from '@callgate/policy';
import * as z from 'zod';

interface WordSpecification {
  readonly words: readonly string[];
  readonly most?: number | undefined;
  readonly mode?: 'loose' | 'strict' | undefined;
}

const specification = z.strictObject(
  {
    words: z.array(z.string({ error: 'a word' }), { error: 'a list of words' }).describe('The words that pass'),
    most: z.number({ error: 'a number' }).describe('Most words at once').exactOptional(),
    mode: z
      .enum(['loose', 'strict'], { error: 'one of `loose`, `strict`' })
      .describe('How case counts')
      .exactOptional(),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? 'words most mode' : 'an object of keywords') },
);

/** A kind of texts made of some words, and of lists of them; it needs to be loaded, and has a word that it chokes on. */
export function createWordKind(): ArgumentKind {
  let isLoaded = false;
  const kind: ArgumentKind<WordSpecification> = {
    name: 'word',
    summary: 'one of some words',
    types: ['string', 'array'],
    specification: specification as ArgumentKind<WordSpecification>['specification'],
    load: async () => {
      isLoaded = true;
      await Promise.resolve();
    },
    get isLoaded() {
      return isLoaded;
    },
    compile: ({ words, most = 4 }, report) => {
      if (words.length === 0) report('/words', 'at least one word', 'none');
      return compiledWord(words, most);
    },
  };
  return kind as ArgumentKind;
}

function compiledWord(words: readonly string[], most: number): CompiledKind {
  const expected = `at most ${most} of \`${words.join('`, `')}\``;
  const check = (value: JsonValue): readonly KindProblem[] => {
    const parts = typeof value === 'string' ? value.split(' ') : (value as readonly JsonValue[]);
    if (parts.includes('choke')) throw new Error('a defect that repeats the value: choke');
    if (parts.includes('?')) return [problem('word.unreadable', 'error', '', expected)];
    const unknown = parts.flatMap((part, index) =>
      words.some((word) => word === part)
        ? []
        : [problem('word.unknown', 'fail', `/${index}`, expected, 'use a known word')],
    );
    return parts.length > most ? [...unknown, problem('word.many', 'fail', '', expected)] : unknown;
  };
  return {
    kind: 'word',
    expected,
    check,
    canonical: (value) => (check(value).length === 0 ? value : undefined),
    isWithin: () => 'unknown',
    samples: () => words,
    probes: () => [],
    repair: () => words,
  };
}

function problem(
  code: string,
  verdict: KindProblem['verdict'],
  pointer: string,
  expected: string,
  hint?: string,
): KindProblem {
  return { code, verdict, pointer, expected, got: 'something else', ...(hint === undefined ? {} : { hint }) };
}
