import type { JsonValue } from '@callgate/canonical';

const LARGEST_POWER = 12;
const BUCKETS = LARGEST_POWER + 2;
const NULL = 1;
const BOOLEAN = 2;
const NEGATIVE = 3;
const STRING = 4;
const NUMBER = STRING + BUCKETS;
const ARRAY = NUMBER + BUCKETS;
const OBJECT = ARRAY + BUCKETS;

/** How many codes {@link shapeCode} gives: 0 stands for an absent value. */
export const SHAPE_CODES: number = OBJECT + BUCKETS;

const SHAPES: readonly string[] = Object.freeze([
  'absent',
  'null',
  'boolean',
  'number <0',
  ...bucketShapes('string'),
  ...bucketShapes('number'),
  ...bucketShapes('array'),
  ...bucketShapes('object'),
]);

/** Type and size bucket of a value as a small number. */
export function shapeCode(value: JsonValue): number {
  if (typeof value === 'string') return STRING + magnitude(value.length);
  if (typeof value === 'number') return value < 0 ? NEGATIVE : NUMBER + magnitude(value);
  if (typeof value === 'boolean') return BOOLEAN;
  if (value === null) return NULL;
  return Array.isArray(value) ? ARRAY + magnitude(value.length) : OBJECT + magnitude(Object.keys(value).length);
}

/** Type and size bucket of a value: `string 1-10`, `array 11-100`, `number 101-1000`, `boolean`. Never the value. */
export function sizedShape(value: JsonValue): string {
  return SHAPES[shapeCode(value)] ?? 'value';
}

/** The size bucket alone: of a number its magnitude, of a string or list its length. Other values give their type. */
export function bucketOf(value: JsonValue): string {
  const shape = sizedShape(value);
  return shape.includes(' ') ? shape.slice(shape.indexOf(' ') + 1) : shape;
}

/** Which bucket: 0 for 0, 1 for up to 10, 2 for up to 100, …, one more for everything beyond 10^12. */
function magnitude(size: number): number {
  if (size === 0) return 0;
  let bound = 10;
  let bucket = 1;
  while (size > bound && bucket <= LARGEST_POWER) {
    bound *= 10;
    bucket += 1;
  }
  return bucket;
}

function bucketShapes(type: string): readonly string[] {
  const shapes = [`${type} 0`, `${type} 1-10`];
  for (let power = 2; power <= LARGEST_POWER; power += 1)
    shapes.push(`${type} ${10 ** (power - 1) + 1}-${10 ** power}`);
  shapes.push(`${type} >${10 ** LARGEST_POWER}`);
  return Object.freeze(shapes);
}
