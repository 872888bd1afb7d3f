/** A condition that holds for a well-formed value of `arguments.v` only. */
export interface OperatorCase {
  /** What of the language it is about, as docs/reference/conditions.md writes it. */
  readonly uses: readonly string[];
  readonly holds: string;
  readonly good: unknown;
  /** Names of malformed values for which it rightly holds: no operator is about case, or about how large a number is. */
  readonly also?: readonly string[];
}

const FIELDS: Readonly<Record<string, number>> = {
  getFullYear: 2026,
  getMonth: 10,
  getDate: 25,
  getDayOfMonth: 24,
  getDayOfWeek: 3,
  getDayOfYear: 328,
  getHours: 10,
  getMinutes: 30,
  getSeconds: 15,
  getMilliseconds: 250,
};

/** `double` reads a text because it is asked to. */
const TEXTS_OF_FIVE = [
  'a number as text',
  'a number as text with an exponent',
  'a number as text with a sign',
] as const;

/** Every operator and function of conditions, each with a value that it holds for. */
export const OPERATORS: readonly OperatorCase[] = [
  { uses: ['&&', '>', '<'], holds: 'arguments.v > 4 && arguments.v < 6', good: 5 },
  { uses: ['>=', '<='], holds: 'arguments.v >= 5 && arguments.v <= 5', good: 5 },
  { uses: ['||', '=='], holds: 'arguments.v == 5 || arguments.v == 7', good: 7 },
  { uses: ['!', '!='], holds: '!(arguments.v != "us-east")', good: 'us-east' },
  { uses: ['test ? a : b'], holds: 'arguments.v == 5 ? true : false', good: 5 },
  { uses: ['x in [1, 2]'], holds: 'arguments.v in [5, 6]', good: 6 },
  { uses: ['x in [1, 2]'], holds: 'arguments.v in ["us-east"]', good: 'us-east' },
  { uses: ['"admin" in principal.roles'], holds: '"us-east" in arguments.v', good: ['us-east'] },
  { uses: ['"name" in arguments.filter'], holds: '"region" in arguments.v', good: { region: 1 } },
  { uses: ['+'], holds: 'arguments.v + 1.0 == 6.0', good: 5 },
  { uses: ['+'], holds: 'arguments.v + "!" == "us-east!"', good: 'us-east' },
  { uses: ['-'], holds: 'arguments.v - 1.0 == 4.0', good: 5 },
  { uses: ['*'], holds: 'arguments.v * 2.0 == 10.0', good: 5 },
  { uses: ['/'], holds: 'arguments.v / 2.0 == 2.5', good: 5 },
  { uses: ['%', 'int(x)'], holds: 'int(arguments.v) % 10 == 7', good: 7 },
  { uses: ['double(x)'], holds: 'double(arguments.v) == 5.0', good: 5, also: TEXTS_OF_FIVE },
  { uses: ['startsWith'], holds: 'arguments.v.startsWith("us-west")', good: 'us-west-1' },
  { uses: ['endsWith'], holds: 'arguments.v.endsWith("west")', good: 'us-west' },
  { uses: ['contains'], holds: 'arguments.v.contains("west")', good: 'us-west' },
  { uses: ['matches'], holds: 'arguments.v.matches("^us-(?:east|west)$")', good: 'us-east' },
  { uses: ['lowerAscii'], holds: 'arguments.v.lowerAscii() == "us-west"', good: 'US-West' },
  { uses: ['upperAscii'], holds: 'arguments.v.upperAscii() == "US-WEST"', good: 'us-west' },
  { uses: ['trim'], holds: 'arguments.v.trim() == "us-west"', good: ' us-west ' },
  { uses: ['split'], holds: 'arguments.v.split("-") == ["us", "west"]', good: 'us-west' },
  { uses: ['list.join(separator)'], holds: 'arguments.v.join("-") == "us-west"', good: ['us', 'west'] },
  { uses: ['size(x)', 'x.size()'], holds: 'size(arguments.v) == 30 && arguments.v.size() == 30', good: 'a'.repeat(30) },
  { uses: ['x.all(i, …)'], holds: 'arguments.v.all(i, i == "us-west") && size(arguments.v) > 0', good: ['us-west'] },
  { uses: ['x.exists(i, …)'], holds: 'arguments.v.exists(i, i == "us-west")', good: ['us-east', 'us-west'] },
  { uses: ['x.exists_one(i, …)'], holds: 'arguments.v.exists_one(i, i == "us-west")', good: ['us-west'] },
  { uses: ['x.filter(i, …)'], holds: 'arguments.v.filter(i, i == "us-west") == ["us-west"]', good: ['us-west'] },
  { uses: ['x.map(i, …)'], holds: 'arguments.v.map(i, i + "!") == ["a!"]', good: ['a'] },
  { uses: ['x.map(i, filter, …)'], holds: 'arguments.v.map(i, i != "b", i + "!") == ["a!"]', good: ['a', 'b'] },
  {
    uses: ['timestamp("2026-01-01T00:00:00Z")'],
    holds: 'timestamp(arguments.v) < timestamp("2027-01-01T00:00:00Z")',
    good: '2026-11-25T10:30:15.250Z',
  },
  { uses: ['duration("1h30m")'], holds: 'duration(arguments.v) < duration("2h")', good: '1h30m' },
  {
    uses: ['now.window(…)'],
    holds: 'timestamp(arguments.v).window("Wed 10:00-11:00", "UTC")',
    good: '2026-11-25T10:30:15.250Z',
  },
  ...Object.entries(FIELDS).map(([name, value]) => ({
    uses: [name],
    holds: `timestamp(arguments.v).${name}() == ${value}`,
    good: '2026-11-25T10:30:15.250Z',
  })),
];
