/** Marks text. */
type Paint = (text: string) => string;

/** Marks text for a terminal, or leaves it alone. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/**
 * Whether to colour: `NO_COLOR` (not empty) says no, then `FORCE_COLOR` decides (`0` and `false` mean no), then only
 * terminals that are not dumb.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function wantsColour(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  const forced = env['FORCE_COLOR'];
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** The style for coloured or plain output. */
export function createStyle(isColoured: boolean): Style {
  // ECMA-48 select graphic rendition: on and off codes.
  const paint = (on: number, off: number) => (text: string) =>
    isColoured && text !== '' ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}
