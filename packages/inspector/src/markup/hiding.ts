/** How an element is hidden: by an attribute, from some readers by what it is called, or by its style. */
export type Hiding = 'attribute' | 'aria' | 'style';

const HIDDEN = /(?:^|[\s"'/])hidden(?=$|[\s"'/>]|\s*=\s*["']?(?!false|until-found))/iu;
const ARIA_HIDDEN = /aria-hidden\s*=\s*["']?true/iu;
/** Names that style sheets in wide use give to what is not shown. */
const HIDING_CLASS =
  /(?:^|[\s"'/])class\s*=\s*["']?(?:[\w:-]+\s+){0,16}(?:sr-only|visually-hidden|screen-reader-text|d-none|hidden|invisible)(?=$|[\s"'>])/iu;
const STYLE = /(?:^|[\s"'/])style\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'>]+))/iu;
const COLOR = /(?:^|\s)color\s*=\s*["']?(?<color>#?[a-z0-9]+)/iu;

/** How the attributes of an element hide it; undefined where they do not. */
export function hidingOf(attributes: string): Hiding | undefined {
  if (attributes.includes('=') || /hidden/iu.test(attributes)) {
    const { double, single, bare } = STYLE.exec(attributes)?.groups ?? {};
    if (isHidingStyle((double ?? single ?? bare ?? '').toLowerCase())) return 'style';
    if (isWhite(COLOR.exec(attributes)?.groups?.['color']?.toLowerCase())) return 'style';
    if (HIDDEN.test(attributes)) return 'attribute';
    if (ARIA_HIDDEN.test(attributes) || HIDING_CLASS.test(attributes)) return 'aria';
  }
  return undefined;
}

/** Declarations by which text is on no screen, too small to read, or of no colour. */
const HIDING_DECLARATIONS: readonly (readonly [property: RegExp, value: RegExp])[] = [
  [/^display$/u, /^none/u],
  [/^visibility$/u, /^(?:hidden|collapse)/u],
  [/^content-visibility$/u, /^hidden/u],
  [/^opacity$/u, /^(?:0?\.0[0-9]*|0+(?:\.0+)?%?)$/u],
  [
    /^(?:font-size|line-height|zoom)$/u,
    /^(?:0+(?:\.[0-9]*)?|0?\.[0-9]+|1(?:\.0)?(?=px|pt))(?:px|pt|em|rem|%|vw|vh|ex|ch)?$/u,
  ],
  [/^font$/u, /(?:^|\s)0(?:px|pt|em|rem|%)?[\s/]/u],
  [/^(?:max-)?(?:height|width)$/u, /^[01](?:\.0)?(?:px|pt|em|rem|%)?$/u],
  [/^(?:left|top|right|bottom|text-indent|margin-left|margin-top)$/u, /^-[0-9]{3,}/u],
  [/^transform$/u, /scale[xy]?\(\s*0(?:\.0+)?\s*[,)]|translate[xy]?\(\s*-[0-9]{4,}/u],
  [/^clip$/u, /^rect\(\s*0|^rect\(\s*1px/u],
  [/^clip-path$/u, /inset\(\s*(?:50|100)%|circle\(\s*0/u],
  [/^(?:color|-webkit-text-fill-color)$/u, /^transparent|^(?:rgb|hsl)a?\([^)]*[,/]\s*0(?:\.0+)?%?\s*\)/u],
  [/^mso-hide$/u, /^all/u],
];

function isHidingStyle(style: string): boolean {
  if (style === '') return false;
  let color: string | undefined;
  let ground: string | undefined;
  for (const declaration of style.split(';').slice(0, 64)) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, Math.max(colon, 0)).trim();
    const value = declaration
      .slice(colon + 1)
      .trim()
      .replace(/\s*!important$/u, '');
    if (HIDING_DECLARATIONS.some(([names, values]) => names.test(property) && values.test(value))) return true;
    if (property === 'color') color = value;
    if (property === 'background-color' || property === 'background') ground = value;
  }
  if (color === undefined) return false;
  return ground === undefined ? isWhite(color) : sameColor(color, ground);
}

const WHITE =
  /^(?:white|snow|#f[c-f]?f[c-f]?f[c-f]?|rgba?\(\s*25[0-5]\s*[,\s]\s*25[0-5]\s*[,\s]\s*25[0-5]\s*[,)/].*)$/u;

/** White, on what is white unless something else is said. */
function isWhite(color: string | undefined): boolean {
  return color !== undefined && WHITE.test(color.trim());
}

function sameColor(color: string, ground: string): boolean {
  if (isWhite(color) && isWhite(ground)) return true;
  return color.replaceAll(/\s+/gu, '') === ground.replaceAll(/\s+/gu, '');
}
