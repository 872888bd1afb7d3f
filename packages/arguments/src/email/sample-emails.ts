import type { JsonValue } from '@callgate/canonical';

import type { CompiledEmail } from './compiled-email.ts';

/** Candidates that may pass: an address of each domain, several addresses, as many as there may be. */
export function sampleEmails({ domains, shape }: CompiledEmail): readonly JsonValue[] {
  const names = (domains?.entries.slice(0, 24) ?? ['example.com', 'mail.example.org']).map((entry) =>
    entry.startsWith('.') ? `mail${entry}` : entry,
  );
  const domain = names[0] ?? 'example.com';
  const addresses = [...names.map((name) => `name@${name}`), `first.last@${domain}`, `name+tag@${domain}`];
  const many = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `name${index}@${domain}`);
  const lists = [2, 3, shape.maxRecipients].filter((count) => count <= shape.maxRecipients).map(many);
  const separator = `${shape.separator ?? ','} `;
  return [
    ...(shape.acceptsText ? addresses : []),
    ...(shape.acceptsList ? addresses.map((address) => [address]) : []),
    ...(shape.acceptsList ? lists : []),
    ...lists.map((list) => list.join(separator)),
  ];
}

/** Candidates at and beyond each bound. */
export function probeEmails(compiled: CompiledEmail): readonly JsonValue[] {
  const { domains, shape } = compiled;
  const name = (domains?.entries[0] ?? 'example.com').replace(/^\./u, 'mail.');
  const texts = [
    `name@${name}`,
    `name+tag@${name}`,
    `name@sub.${name}`,
    `name@${name}.example.net`,
    'name@example.com',
    'name@xn--bcher-kva.example',
    `Name <name@${name}>`,
    `"name"@${name}`,
    `name(a)@${name}`,
    `name%other@${name}`,
    `name@[127.0.0.1]`,
    `name@${name}, other@${name}`,
    `name@${name}; other@${name}`,
    `name@${name}\r\nBcc: other@example.net`,
    '',
  ];
  const more = Array.from({ length: shape.maxRecipients + 1 }, (_, index) => `name${index}@${name}`);
  return [
    ...compiled.samples(),
    ...texts,
    ...texts.map((text) => [text]),
    [],
    more,
    more.join(`${shape.separator ?? ','} `),
  ].slice(0, 128);
}
