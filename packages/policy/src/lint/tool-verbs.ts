import type { ToolEffect } from '../decision.ts';

const READ =
  'check count describe diff download explain fetch filter find get inspect list load lookup peek preview query read resolve retrieve scan search show stat status summarize tail validate view watch'.split(
    ' ',
  );
const DESTRUCTIVE =
  'delete destroy drop erase purge remove revoke shred terminate truncate uninstall unlink wipe'.split(' ');
const WRITE =
  'append archive assign commit create deploy disable edit enable grant insert install invite merge modify overwrite patch pay publish push refund rename replace restore rotate send submit transfer update upload upsert write'.split(
    ' ',
  );
/** Words that are as often nouns or adjectives, and count only at the beginning of a name. */
const LEADING_WRITE = 'add adjust approve book cancel charge close copy move post put reset set'.split(' ');

const EFFECTS: ReadonlyMap<string, ToolEffect> = new Map<string, ToolEffect>([
  ...READ.map((verb) => [verb, 'read'] as const),
  ...DESTRUCTIVE.map((verb) => [verb, 'destructive'] as const),
  ...WRITE.map((verb) => [verb, 'write'] as const),
]);

/**
 * The change that a tool's name speaks of, by its first verb: `delete_file`, `repo.update`, `gmailSendEmail`. Undefined for reads
 * (`list_deleted`, `get_update`), and for names without a verb that says.
 */
export function verbEffect(
  name: string,
): { readonly verb: string; readonly effect: Exclude<ToolEffect, 'read'> } | undefined {
  const segment = name.split(/[./:]|__/u).at(-1) ?? '';
  const [leading = ''] = wordsOf(segment);
  if (LEADING_WRITE.includes(leading)) return { verb: leading, effect: 'write' };
  const verb = [...wordsOf(segment), ...wordsOf(name)].find((word) => EFFECTS.has(word));
  const effect = verb === undefined ? undefined : EFFECTS.get(verb);
  return verb === undefined || effect === undefined || effect === 'read' ? undefined : { verb, effect };
}

/** The verb by which a tool's name speaks of a read, and of nothing else: `list` of `list_deleted`. */
export function readVerb(name: string): string | undefined {
  if (verbEffect(name) !== undefined) return undefined;
  const segment = name.split(/[./:]|__/u).at(-1) ?? '';
  return [...wordsOf(segment), ...wordsOf(name)].find((word) => EFFECTS.get(word) === 'read');
}

function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== '');
}
