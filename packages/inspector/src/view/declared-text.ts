import { own } from '@callgate/canonical';

import type { Fuel } from '../fuel.ts';
import type { StringWalk } from '../walk/string-walk.ts';
import { decodeBlob } from './decode-run.ts';
import { opaqueView, wholeView, type View } from './view.ts';

/** What hosts decode and show as text, by its MIME type. */
const TEXTUAL =
  /^text\/|[/+.-](?:json|xml|yaml|toml|javascript|ecmascript|typescript|csv|html|markdown|sql|graphql|sh)\b/iu;

/**
 * What the base64 of a resource (`blob`), an image or a sound (`data`) stands for where its MIME type says that it is text. Hosts decode it
 * whatever it holds: line breaks and other characters between, bytes that are no UTF-8, a few words only.
 */
export function declaredText(walk: StringWalk, fuel: Fuel): View | undefined {
  const { field, part, isNumber } = walk;
  if ((field !== 'blob' && field !== 'data') || part === 'name' || isNumber) return undefined;
  const { text, holder } = walk;
  const type = holder === undefined ? undefined : own(holder, 'mimeType');
  const isText = typeof type === 'string' ? TEXTUAL.test(type) : field === 'blob';
  if (!isText) return undefined;
  fuel.spend(text.length);
  return opaqueView(wholeView(text), 'base64', decodeBlob(text), [0, text.length]);
}
