/**
 * The URI templates that a URI can be an expansion of, in the order given. An expression (`{id}`, `{+path}`, `{?query*}`) counts as any
 * run of characters, so a template may be found that could not have made the URI, and never the other way round. Linear in the URI for
 * each template.
 *
 * @see RFC 6570
 */
export function findTemplates(uri: string, templates: Iterable<string>): readonly string[] {
  return [...templates].filter((template) => canMake(template, uri));
}

function canMake(template: string, uri: string): boolean {
  const literals = template.split(/\{[^{}]*\}/u);
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) return uri === first;
  if (!uri.startsWith(first) || !uri.endsWith(last) || uri.length < first.length + last.length) return false;
  let from = first.length;
  for (const literal of rest) {
    const at = uri.indexOf(literal, from);
    if (at === -1) return false;
    from = at + literal.length;
  }
  return from <= uri.length - last.length;
}
