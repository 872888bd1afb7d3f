import type { JsonValue } from '@callgate/canonical';

import type { CompiledEmail } from './compiled-email.ts';

/** The longest text that is searched for addresses, in UTF-16 code units. */
const MAX_SEARCHED = 4096;

/** The longest list that is mended. */
const MAX_ITEMS = 1000;

const BARE = /[A-Za-z0-9_][A-Za-z0-9_'+=&~.-]{0,63}@[A-Za-z0-9.-]{1,253}/gu;

/** Values near `value`: the addresses in it, bare, those that pass first; in the form that is accepted. */
export function repairEmail(value: JsonValue | undefined, compiled: CompiledEmail): readonly JsonValue[] {
  const { shape } = compiled;
  const found = addressesIn(value).map((text) => (compiled.allowsPlus ? text : text.replace(/\+[^@]*/u, '')));
  const passing = found.filter((text) => compiled.check(shape.acceptsText ? text : [text]).length === 0);
  const moved = found.flatMap((text) => onDomains(text, compiled));
  const several = [passing, [...passing, ...moved]].map((list) => list.slice(0, shape.maxRecipients));
  const values: readonly JsonValue[] = [
    ...(shape.acceptsList && typeof value !== 'string' ? several : []),
    ...(shape.separator === undefined ? [] : several.map((list) => list.join(`${shape.separator} `))),
    ...(shape.acceptsText ? [...passing, ...moved] : []),
    ...(shape.acceptsList ? several : []),
    ...compiled.samples(),
  ];
  return values.filter((one) => one !== '' && !(Array.isArray(one) && one.length === 0)).slice(0, 16);
}

function addressesIn(value: JsonValue | undefined): readonly string[] {
  const texts = Array.isArray(value) ? value.slice(0, MAX_ITEMS) : [value];
  return texts.flatMap((text) =>
    typeof text === 'string' ? [...text.slice(0, MAX_SEARCHED).matchAll(BARE)].map(([match]) => match) : [],
  );
}

/** The same name at the first domains that are listed exactly. */
function onDomains(address: string, { domains }: CompiledEmail): readonly string[] {
  const exact = domains?.entries.filter((entry) => !entry.startsWith('.')).slice(0, 2) ?? [];
  return exact.map((domain) => `${address.slice(0, address.indexOf('@'))}@${domain}`);
}
