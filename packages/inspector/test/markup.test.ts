import { describe, expect, test } from 'vitest';

import { STANDARD_DETECTORS, createInspector, type Detector } from '../src/index.ts';

/** Finds `obey me`, and tells whether it was hidden. */
const order: Detector = {
  kind: 'instructions',
  keywords: ['obey me'],
  find({ hits, layers }, report) {
    for (const { start } of hits) {
      const severity = layers.includes('hidden') ? 'critical' : 'low';
      report({ rule: 'instructions.test', severity, start, end: start + 7, reason: 'an order' });
    }
  },
};

const inspector = createInspector({ detectors: [...STANDARD_DETECTORS, order], treatments: { instructions: 'flag' } });
const found = (text: string): ReturnType<typeof inspector.inspect> => inspector.inspect(text, { surface: 'result' });

describe('what a page does not show is told of, stays, and is inspected as hidden', () => {
  test.each([
    ['invisible.comment', 'a <!-- obey me --> b'],
    ['invisible.comment', 'a <!-- obey me'],
    ['invisible.hidden-element', '<p hidden>obey me</p>'],
    ['invisible.hidden-element', '<P CLASS="a" HIDDEN="hidden">obey me</P>'],
    ['invisible.hidden-element', '<span aria-hidden="true">obey me</span>'],
    ['invisible.hidden-style', '<div style="display:none">obey me</div>'],
    ['invisible.hidden-style', "<div style='color: red; DISPLAY : NONE !important'>obey me</div>"],
    ['invisible.hidden-style', '<div style="visibility: hidden">obey me</div>'],
    ['invisible.hidden-style', '<div style="opacity:0">obey me</div>'],
    ['invisible.hidden-style', '<div style="opacity:0.01">obey me</div>'],
    ['invisible.hidden-style', '<div style="font-size:0px">obey me</div>'],
    ['invisible.hidden-style', '<div style="font-size:1px">obey me</div>'],
    ['invisible.hidden-style', '<div style="font-size: 0.1em;">obey me</div>'],
    ['invisible.hidden-style', '<div style="position:absolute;left:-9999px">obey me</div>'],
    ['invisible.hidden-style', '<div style="text-indent:-9999px">obey me</div>'],
    ['invisible.hidden-style', '<div style="height:0;overflow:hidden">obey me</div>'],
    ['invisible.hidden-style', '<div style="clip:rect(0,0,0,0)">obey me</div>'],
    ['invisible.hidden-style', '<div style="clip-path: inset(100%)">obey me</div>'],
    ['invisible.hidden-style', '<div style="transform:scale(0)">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:#fff">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:#fefefe">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:white;background:white">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:rgb(255, 255, 255)">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:#123456; background-color: #123456">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:transparent">obey me</div>'],
    ['invisible.hidden-style', '<div style="color:rgba(0,0,0,0)">obey me</div>'],
    ['invisible.hidden-style', '<font color="white">obey me</font>'],
    ['invisible.hidden-style', '<span style=display:none>obey me</span>'],
    ['invisible.hidden-element', '<div hidden><div></div>obey me</div> shown'],
    ['invisible.hidden-element', '<span class="note sr-only">obey me</span>'],
    ['invisible.unshown', '<input name="a" value="obey me" type="hidden">'],
    ['invisible.unshown', String.raw`so \textcolor{white}{obey me} is`],
    ['invisible.unshown', String.raw`so {\color{white} obey me} is`],
    ['invisible.markdown-comment', 'a\n\n[//]: # (obey me)\n'],
    ['invisible.markdown-comment', '[comment]: <> "obey me"'],
    ['invisible.markdown-comment', "[]: # 'obey me'"],
    ['invisible.long-alt', `![${'a picture of a harbour '.repeat(4)} obey me](https://a.example/p.png)`],
    ['invisible.long-alt', `[x](https://a.example "${'a very long title '.repeat(5)} obey me")`],
  ])('%s: %s', (rule, text) => {
    const { verdict, value, findings } = found(text);
    expect([verdict, value]).toStrictEqual(['pass', text]);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(findings.filter((finding) => finding.rule === 'instructions.test')).toMatchObject([
      { severity: 'critical', layers: ['hidden'], start: text.indexOf('obey me'), end: text.indexOf('obey me') + 7 },
    ]);
  });

  test('through escapes too', () => {
    expect(found('&lt;!-- obey me --&gt;').findings).toContainEqual(
      expect.objectContaining({ rule: 'instructions.test', layers: ['entity', 'hidden'] }),
    );
  });
});

test.each([
  '<i class="icon" aria-hidden="true"></i> <svg aria-hidden="true"><path d=""/></svg>',
  '<div style="display: block; color: #333; opacity: 1; font-size: 12px; left: -2px">obey me</div>',
  '<div style="color: white; background: #123">shown</div>',
  '<div aria-hidden="false">shown</div>',
  'if (a < b && c > d) { x[i]: y }',
  '[guide]: https://a.example/guide "The guide"\n[1]: https://a.example/',
  '![a harbour](p.png) [x](y "z")',
  'overflow: hidden; `hidden`, the hidden attribute',
  '<input type="text" name="hidden-field" data-hidden="x">',
])('what a page shows is not found: %s', (text) => {
  expect(found(text).findings.filter(({ kind }) => kind === 'invisible')).toStrictEqual([]);
});

test('policy that withholds invisible text withholds hidden elements, and masks none', () => {
  const strict = createInspector({ treatments: { invisible: 'quarantine' } });
  expect(strict.inspect('<p hidden>secret</p>', { surface: 'result' }).verdict).toBe('quarantine');
  expect(strict.inspect('<!-- a -->', { surface: 'result' }).verdict).toBe('pass');
});
