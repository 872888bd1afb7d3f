/** What searching for invisible text costs, in CPU time: `node --conditions=@callgate/source packages/inspector/bench/invisible.ts`. */
import { createInspector } from '../src/index.ts';

const SIZE = 200_000;
const ROUNDS = 5;

const inspector = createInspector();

const INPUTS: readonly (readonly [name: string, part: string])[] = [
  ['ordinary English', 'An ordinary sentence of a report, with numbers like 12 and a name or two. '],
  ['Markdown with links and HTML', '* [a link](https://example.com/a) and <b>bold</b> text; `code[0]`\n'],
  ['Persian', 'می‌خواهم کتاب‌هایم را به خانه بیاورم. '],
  ['Hindi', 'क्‍ष और क्‌ष में अंतर है। '],
  ['emoji', 'well done 👩🏽‍💻 ❤️ '],
  ['crafted: ZWJ', '\u200d'],
  ['crafted: ZWJ and ZWNJ', '\u200d\u200c'],
  ['crafted: three sorts', '\u200b\u200c\u200d'],
  ['crafted: ZWJ between letters', 'a\u200d'],
  ['crafted: tags', '\u{e0061}'],
  ['crafted: selectors', '\u{e0101}'],
  ['crafted: isolates in Hebrew', 'א\u2067'],
  ['crafted: escapes', '\u001b'],
  ['crafted: blanks', ' \t'],
  ['crafted: spaces', '\u2003 '],
  ['crafted: lone surrogates', '\ud800'],
  ['crafted: comments that open', '<!--'],
  ['crafted: comments', '<!---->'],
  ['crafted: hidden elements', '<p hidden>ab</p>'],
  ['crafted: brackets', '['],
  ['crafted: picture brackets', '!['],
  ['crafted: definitions', '\n[//]: #'],
];

/** Nanoseconds of CPU for each UTF-16 code unit, the least of several rounds, and what came of it. */
function measure(text: string): { readonly nanoseconds: number; readonly outcome: string } {
  let least = Number.POSITIVE_INFINITY;
  let outcome = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.cpuUsage();
    const { verdict, determining } = inspector.inspect(text, { surface: 'result' });
    const { user, system } = process.cpuUsage(begun);
    least = Math.min(least, ((user + system) * 1000) / text.length);
    outcome = determining.includes('budget.fuel') ? 'out of fuel' : verdict;
  }
  return { nanoseconds: least, outcome };
}

if (import.meta.main) {
  for (const [name, part] of INPUTS) {
    const { nanoseconds, outcome } = measure(part.repeat(Math.ceil(SIZE / part.length)).slice(0, SIZE));
    console.log(`${name.padEnd(34)}${nanoseconds.toFixed(1).padStart(8)} ns/unit  ${outcome}`);
  }
}
