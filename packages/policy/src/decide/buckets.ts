import type { JsonValue } from '@callgate/canonical';

const LARGEST_POWER = 12;
const STRING_SHAPES = shapesFor('string');
const ARRAY_SHAPES = shapesFor('array');
const OBJECT_SHAPES = shapesFor('object');
const NUMBER_SHAPES = shapesFor('number');

/** Type and size bucket of a value: `string 1-10`, `array 11-100`, `number 101-1000`, `boolean`. Never the value. */
export function sizedShape(value: JsonValue): string {
  if (typeof value === 'string') return STRING_SHAPES[magnitude(value.length)] ?? 'string';
  if (typeof value === 'number') return value < 0 ? 'number <0' : (NUMBER_SHAPES[magnitude(value)] ?? 'number');
  if (typeof value === 'boolean') return 'boolean';
  if (value === null) return 'null';
  if (Array.isArray(value)) return ARRAY_SHAPES[magnitude(value.length)] ?? 'array';
  return OBJECT_SHAPES[magnitude(Object.keys(value).length)] ?? 'object';
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

function shapesFor(type: string): readonly string[] {
  const shapes = [`${type} 0`, `${type} 1-10`];
  for (let power = 2; power <= LARGEST_POWER; power += 1)
    shapes.push(`${type} ${10 ** (power - 1) + 1}-${10 ** power}`);
  shapes.push(`${type} >${10 ** LARGEST_POWER}`);
  return Object.freeze(shapes);
}
