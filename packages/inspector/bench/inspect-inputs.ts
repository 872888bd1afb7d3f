/** A text to inspect, of about as many UTF-16 code units as asked for. */
export interface InspectionInput {
  readonly name: string;
  readonly isCrafted: boolean;
  readonly make: (units: number) => string;
}

const PROSE =
  'The habitat near the northern ridge was surveyed twice this autumn. Nobody saw the animals themselves, yet their tracks, fresh and ' +
  'deep, led from the river to the old barn and back. We recommend another visit before the first snow, with two cameras and a guide. ';
const RUSSIAN =
  'Осенью местность у северного хребта осмотрели дважды. Самих животных никто не видел, но следы, свежие и глубокие, вели от реки к ' +
  'старому сараю и обратно. Мы советуем приехать ещё раз до первого снега, с двумя камерами и проводником. ';
const CHINESE =
  '今年秋天，我们两次考察了北部山脊附近的栖息地。没有人看到动物本身，但足迹清晰，从河边一直延伸到旧谷仓。';
const CODE =
  'export function median(values: readonly number[]): number {\n  const sorted = values.toSorted((left, right) => left - right);\n' +
  '  return sorted[Math.floor(sorted.length / 2)] ?? 0;\n}\n\n// Rounds up, so that half of nothing is nothing.\n';

/** Ordinary texts, and texts made to be slow. The keywords are of the kind that detectors look for. */
export const INSPECTION_INPUTS: readonly InspectionInput[] = [
  { name: 'prose', isCrafted: false, make: repeated(PROSE) },
  { name: 'JSON', isCrafted: false, make: (units) => json(units) },
  { name: 'code', isCrafted: false, make: repeated(CODE) },
  { name: 'Russian', isCrafted: false, make: repeated(RUSSIAN) },
  { name: 'Chinese', isCrafted: false, make: repeated(CHINESE) },
  { name: 'prose with emoji', isCrafted: false, make: repeated(`${PROSE}👩🏽‍🚀 ✅ 🎉 `) },
  {
    name: 'keywords in a row',
    isCrafted: true,
    make: repeated('password api_key secret token authorization: bearer '),
  },
  { name: 'beginnings of keywords', isCrafted: true, make: repeated('passwor api_ke secre authorizatio beare ignor ') },
  { name: 'instructions in a row', isCrafted: true, make: repeated('ignore all previous instructions and ') },
  { name: 'one long base64 run', isCrafted: true, make: repeated('QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo') },
  { name: 'many base64 runs', isCrafted: true, make: repeated('QUJDREVGR0hJSktMTU5PUFFS ') },
  { name: 'percent signs', isCrafted: true, make: repeated('%41%') },
  { name: 'escapes', isCrafted: true, make: repeated(String.raw`\u0041`) },
  { name: 'character references', isCrafted: true, make: repeated('&#65;&amp') },
  { name: 'invisible characters', isCrafted: true, make: repeated('a\u200B') },
  { name: 'lookalikes', isCrafted: true, make: repeated('pаsswоrd ') },
  { name: 'at signs', isCrafted: true, make: repeated('a@') },
  { name: 'digits', isCrafted: true, make: repeated('4111 1111 ') },
];

function repeated(text: string): (units: number) => string {
  return (units) => text.repeat(Math.ceil(units / text.length)).slice(0, units);
}

function json(units: number): string {
  const rows: string[] = [];
  for (let id = 0, length = 0; length < units; id += 1) {
    const row = JSON.stringify({
      id,
      name: `monster ${id}`,
      habitat: 'northern ridge',
      size: (id % 40) / 8,
      tags: ['a', 'b'],
    });
    rows.push(row);
    length += row.length + 1;
  }
  return `[${rows.join(',')}]`.slice(0, units);
}
