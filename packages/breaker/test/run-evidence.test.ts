import { describe, expect, test } from 'vitest';

import { fingerprintsOf } from '../src/flows/fingerprints.ts';
import { MAX_RUN_GRAMS, RunEvidence, sourceOf } from '../src/flows/run-evidence.ts';
import { distinctGrams, sinkTextOf } from '../src/flows/sink-text.ts';

const NOTHING: ReadonlySet<number> = new Set();
const SECRET = 'tK8fQzL2mVx7RbN4wYcJ9hDpS6gAeU3iToW5kZqX';
const RECORD = 'Marta Ibáñez, Calle Mayor 14, 28013 Madrid, born in Toledo, treated for asthma since spring';

const LETTERS: readonly string[] = Array.from('abcdefghijklmnopqrstuvwxyz');

/** Letters that as good as never repeat eight in a row. */
function letters(length: number): string {
  let state = 12_345;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return LETTERS[(state >>> 16) % 26] ?? '';
  }).join('');
}

function evidenceOf(...results: readonly string[]): RunEvidence {
  const evidence = new RunEvidence();
  for (const [index, text] of results.entries()) {
    evidence.add(sourceOf(`read-${index}`, ['private'], ['run'], fingerprintsOf([text]), NOTHING));
  }
  return evidence;
}

function carries(evidence: RunEvidence, ...sent: readonly string[]): boolean {
  for (const text of sent) {
    const body = sinkTextOf({ to: 'partner', body: text }, []);
    if (evidence.find('external', body).length > 0) return true;
    evidence.send('external', body);
  }
  return false;
}

function parts(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

const inDocument = `Access notes for the build machines.\nThe deploy key is ${SECRET} and must be rotated in March.`;

describe('a secret of 40 characters counts as carried', () => {
  test.each([
    ['as it is', [SECRET]],
    ['in other case', [SECRET.toUpperCase()]],
    ['spaced out', [SECRET.split('').join(' ')]],
    ['within a sentence', [`For reference: ${SECRET}. Regards`]],
    ['glued to other text', [`key=${SECRET}&x=1`]],
    ['in parts of 20', parts(SECRET, 20)],
    ['in parts of 10', parts(SECRET, 10)],
    ['in parts of 3', parts(SECRET, 3)],
    ['one character at a time', parts(SECRET, 1)],
    ['in parts of 10, the last first', parts(SECRET, 10).toReversed()],
    ['in parts with words between', parts(SECRET, 12).map((part, index) => `part ${index} of it: ${part} thank you`)],
    [
      'in full width',
      [SECRET.replaceAll(/[!-~]/gu, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))],
    ],
  ])('%s', (_, sent) => {
    expect(carries(evidenceOf(inDocument), ...sent)).toBe(true);
  });

  test('over several arguments of one call', () => {
    const [a = '', b = '', c = '', d = ''] = parts(SECRET, 10);
    const evidence = evidenceOf(inDocument);
    expect(evidence.find('external', sinkTextOf({ a, b, c, d }, []))).not.toStrictEqual([]);
    expect(evidence.find('external', sinkTextOf({ items: [a, b, c, d] }, []))).not.toStrictEqual([]);
    expect(
      evidence.find('external', sinkTextOf({ items: [{ x: a }, { x: b }, { x: c }, { x: d }] }, [])),
    ).not.toStrictEqual([]);
  });

  test('in the names of members', () => {
    expect(evidenceOf(inDocument).find('external', sinkTextOf({ nested: { [SECRET]: true } }, []))).not.toStrictEqual(
      [],
    );
  });

  test('in what the host has decoded', () => {
    const evidence = evidenceOf(inDocument);
    expect(evidence.find('external', sinkTextOf({ body: 'dEs4ZlF6' }, [SECRET]))).not.toStrictEqual([]);
    expect(evidence.find('external', sinkTextOf({ body: 'dEs4ZlF6' }, []))).toStrictEqual([]);
  });
});

describe('a line of private data counts as carried', () => {
  const inTable = `The record you asked for.\n${RECORD}.\nEnd of record.`;

  test.each([
    ['as it is', [RECORD]],
    [
      'without accents and in upper case',
      ['MARTA IBANEZ CALLE MAYOR 14 28013 MADRID BORN IN TOLEDO TREATED FOR ASTHMA'],
    ],
    ['with other punctuation', [RECORD.replaceAll(',', ' |')]],
    ['in two halves', [RECORD.slice(0, 40), RECORD.slice(40)]],
    ['a part of it', [RECORD.slice(10, 62)]],
  ])('%s', (_, sent) => {
    expect(carries(evidenceOf(inTable), ...sent)).toBe(true);
  });

  test('reordered by sentences', () => {
    const sentences = [
      'The customer owes nine hundred euros.',
      'He was warned twice by letter.',
      'His lawyer is called Benito Prado.',
    ];
    expect(carries(evidenceOf(sentences.join(' ')), sentences.toReversed().join(' '))).toBe(true);
  });

  test('in another script', () => {
    expect(
      carries(
        evidenceOf('患者は昨年の秋から喘息の治療を受けており、住所はトレドです。'),
        '喘息の治療を受けており、住所はトレドです',
      ),
    ).toBe(true);
  });
});

describe('short distinctive values count by themselves', () => {
  test.each([
    ['an address', 'contact: marta.ibanez@example.org', 'to MARTA.IBANEZ@EXAMPLE.ORG'],
    ['a card number in other groups', 'card 4111 1111 1111 1111', 'pay with 4111-1111-1111-1111'],
    ['a card number as a number', 'card 4111 1111 1111 1111', '4111111111111111'],
    ['a phone number', 'phone +34 612 345 678', 'call 34612345678 today'],
    ['an id', 'account AC-88121-X', 'see ac88121x'],
  ])('%s', (_, result, sent) => {
    expect(carries(evidenceOf(`Some record. ${result}. More words about it.`), sent)).toBe(true);
  });

  test('but not in part', () => {
    expect(carries(evidenceOf('account AC-88121-X55'), 'see ac88121')).toBe(false);
  });
});

describe('ordinary arguments do not count', () => {
  test.each([
    ['the name of a tool', 'use customer.search_by_name for it', 'customer.search_by_name'],
    [
      'an address of the company',
      'see https://www.example.com/support/tickets',
      'https://www.example.com/support/tickets',
    ],
    ['a date', 'due on 2026-11-25 at 17:28:55', 'meeting on 2026-11-25 at 17:28:55'],
    [
      'courtesies',
      'Thank you for contacting us. Please do not hesitate to contact me if you have any questions. The balance is negative.',
      'Please do not hesitate to contact me if you have any questions. Thank you for contacting us.',
    ],
    [
      'words',
      'The customer asked for information about the new international delivery',
      'information about delivery for a customer',
    ],
    ['a summary', RECORD, 'The patient from the capital has a respiratory condition'],
  ])('%s', (_, result, sent) => {
    expect(carries(evidenceOf(result), sent)).toBe(false);
  });

  test('what the call that read it had in its own arguments', () => {
    const own = distinctGrams(sinkTextOf({ email: 'bob@example.org' }, []));
    const evidence = new RunEvidence();
    evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf(['bob@example.org has no orders']), own));
    expect(carries(evidence, 'to bob@example.org')).toBe(false);
  });
});

describe('evidence', () => {
  test('names the call and how much of its result was found', () => {
    const evidence = evidenceOf('nothing of interest here at all, really', inDocument);
    const [found, ...others] = evidence.find('external', sinkTextOf({ body: SECRET }, []));
    expect(others).toStrictEqual([]);
    expect(found).toStrictEqual({ call: 'read-1', labels: ['private'], units: 40, ofUnits: 107, token: true });
  });

  test('keeps sinks apart', () => {
    const evidence = evidenceOf(inDocument);
    evidence.send('external', sinkTextOf({ body: SECRET.slice(0, 10) }, []));
    const rest = sinkTextOf({ body: SECRET.slice(10, 20) }, []);
    expect(evidence.find('external', rest)).not.toStrictEqual([]);
    expect(evidence.find('public', rest)).toStrictEqual([]);
  });

  test('what was sent counts on after the result was read again', () => {
    const evidence = evidenceOf(inDocument);
    evidence.send('external', sinkTextOf({ body: SECRET.slice(0, 10) }, []));
    evidence.add(sourceOf('again', ['private'], ['run'], fingerprintsOf([inDocument]), NOTHING));
    const [found] = evidence.find('external', sinkTextOf({ body: SECRET.slice(10, 20) }, []));
    expect(found?.call).toBe('again');
  });

  test('looking changes nothing', () => {
    const evidence = evidenceOf(inDocument);
    for (const part of parts(SECRET, 8)) {
      expect(evidence.find('external', sinkTextOf({ body: part }, []))).toStrictEqual([]);
    }
  });

  test('a result that was read again is found when the first reading is forgotten', () => {
    const evidence = new RunEvidence(100);
    for (const [call, text] of [
      ['first', SECRET],
      ['again', SECRET],
      ['other', letters(57)],
    ] as const) {
      evidence.add(sourceOf(call, ['private'], ['run'], fingerprintsOf([text]), NOTHING));
    }
    expect(evidence.sources.map(({ call }) => call)).toStrictEqual(['again', 'other']);
    expect(evidence.find('external', sinkTextOf({ body: SECRET }, []))[0]?.call).toBe('again');
  });

  test('what is larger than all that may be kept is not kept', () => {
    const evidence = new RunEvidence(20);
    evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf([SECRET]), NOTHING));
    expect(evidence.grams).toBe(0);
  });

  test('two letters changed in a row do not hide what stands around them, three do', () => {
    const source = `the garden behind the old mill belongs to nobody at all ${letters(100)}`;
    expect(carries(evidenceOf(source), 'the garden behind the oxx mill belongs to nobody at all')).toBe(true);
    expect(carries(evidenceOf(source), 'the garden behind the xxx mill belongs to nobody at all')).toBe(false);
  });

  test('of a long result 40 letters in a row are found, wherever they stand', () => {
    const text = letters(60_000);
    const prints = fingerprintsOf([text]);
    expect(prints.window).toBeGreaterThan(4);
    const evidence = new RunEvidence();
    evidence.add(sourceOf('read', ['private'], ['run'], prints, NOTHING));
    const missed = Array.from({ length: 100 }, (_, index) => index * 97).filter(
      (from) => evidence.find('external', sinkTextOf({ body: text.slice(from, from + 40) }, [])).length === 0,
    );
    expect(missed).toStrictEqual([]);
  });

  test.each([
    ['half of a short result', 1800, 1],
    ['half of a long one', 2400, 0],
  ])('%s in pieces too short to tell', (_, length, found) => {
    const text = letters(length);
    const sent = (text.match(/.{1,60}/gu) ?? []).map((part) => part.slice(0, 33)).join('0123');
    expect(evidenceOf(text).find('external', sinkTextOf({ body: sent }, []))).toHaveLength(found);
  });

  test('sinks beyond the bound are counted as one', () => {
    const text = letters(400);
    const evidence = evidenceOf(text);
    for (let sink = 0; sink < 17; sink += 1)
      evidence.send(`sink-${sink}`, sinkTextOf({ body: text.slice(sink * 20, sink * 20 + 10) }, []));
    evidence.send('sink-20', sinkTextOf({ body: text.slice(370, 390) }, []));
    expect(evidence.sent.size).toBe(16);
    expect(evidence.find('sink-21', sinkTextOf({ body: text.slice(352, 370) }, []))).toHaveLength(1);
    expect(evidence.find('sink-3', sinkTextOf({ body: text.slice(352, 370) }, []))).toHaveLength(0);
  });

  test('parts in one member of several items are joined', () => {
    const items = parts(SECRET, 5).map((part) => ({ part, note: 'and then' }));
    expect(evidenceOf(inDocument).find('external', sinkTextOf({ items }, []))).toHaveLength(1);
  });

  test.each([
    [10, 1],
    [70, 0],
  ])('parts in one place are joined after %i other places were used', (others, found) => {
    const evidence = evidenceOf('account AC-88121-X');
    evidence.send('external', sinkTextOf({ first: 'AC881' }, []));
    for (let at = 0; at < others; at += 1)
      evidence.send('external', sinkTextOf({ [`other${at}`]: 'some noise', more: 'x' }, []));
    expect(evidence.find('external', sinkTextOf({ first: '21X', more: 'y' }, []))).toHaveLength(found);
  });

  test('forgets the oldest results at its bound, and tells the others apart still', () => {
    const evidence = new RunEvidence();
    const texts = Array.from({ length: 24 }, (_, call) =>
      Array.from({ length: 700 }, (__, index) => `w${(index * 7919 + call * 104_729) % 999_983} `).join(''),
    );
    for (const [call, text] of texts.entries()) {
      evidence.add(sourceOf(`read-${call}`, ['private'], ['run'], fingerprintsOf([text]), NOTHING));
      expect(evidence.grams).toBeLessThanOrEqual(MAX_RUN_GRAMS);
    }
    expect(evidence.sources.length).toBeLessThan(24);
    const sent = (call: number): readonly string[] =>
      evidence
        .find('external', sinkTextOf({ body: (texts[call] ?? '').slice(100, 400) }, []))
        .map((found) => found.call);
    expect(sent(0)).toStrictEqual([]);
    expect(sent(23)).toStrictEqual(['read-23']);
  });

  test('a copy says the same and is changed alone', () => {
    const evidence = evidenceOf(inDocument);
    evidence.send('external', sinkTextOf({ body: SECRET.slice(0, 10) }, []));
    const copy = evidence.copy();
    copy.send('external', sinkTextOf({ body: SECRET.slice(10, 18) }, []));
    const rest = sinkTextOf({ body: SECRET.slice(18, 26) }, []);
    expect(copy.find('external', rest)).not.toStrictEqual([]);
    expect(evidence.find('external', rest)).toStrictEqual([]);
  });
});
