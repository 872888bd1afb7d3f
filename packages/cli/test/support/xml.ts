/** An element of a document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text, trimmed. */
  readonly text: string;
}

// XML 1.0 §2.2
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const NAME = '[A-Za-z_][\\w.-]*';
const TAG = new RegExp(`<(/?)(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`, 'uy');
const ATTRIBUTE = new RegExp(`(${NAME})="([^"<]*)"`, 'gu');
const TEXT = /[^<]+/uy;

/** Reads the part of XML that reports are written in, and throws for all that is not well-formed. */
export function parseXml(document: string): Element {
  if (ILLEGAL.test(document)) throw new Error('a character that XML does not have');
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/u.exec(document)?.[0];
  if (head === undefined) throw new Error('expected an XML declaration');
  const root = { name: '', attributes: {}, children: [] as Element[], text: '' };
  const open = [root];
  for (let at = head.length; at < document.length;) {
    const holder = open.at(-1) ?? root;
    const text = match(TEXT, document, at)?.[0];
    if (text !== undefined) {
      holder.text += decode(text);
      at += text.length;
      continue;
    }
    const tag = match(TAG, document, at);
    if (tag === null) throw new Error(`expected a tag at ${at}: ${document.slice(at, at + 40)}`);
    at += tag[0].length;
    const [, isEnd = '', name = '', attributes = '', isEmpty = ''] = tag;
    if (isEnd !== '') {
      if (holder.name !== name || open.length === 1) throw new Error(`</${name}> closes <${holder.name}>`);
      open.pop();
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
    holder.children.push(element);
    if (isEmpty === '') open.push(element);
  }
  const [only] = root.children;
  if (open.length > 1 || root.children.length !== 1 || only === undefined || root.text.trim() !== '') {
    throw new Error('expected one element at the top, closed');
  }
  return only;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function attributesOf(text: string): Record<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw new Error(`attribute ${name} twice`);
    attributes.set(name, decode(value));
  }
  return Object.fromEntries(attributes);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replaceAll(/&(\w*;?)/gu, (_, entity: string) => {
    const character = entity.endsWith(';') ? ENTITIES[entity.slice(0, -1)] : undefined;
    if (character === undefined) throw new Error(`&${entity} is no entity`);
    return character;
  });
}
