import { clonePlain, isJsonObject, type IdSource, type JsonObject } from '@callgate/canonical';

import { randomIds } from '../system.ts';
import { blocksOf, type DataBlock } from './data-blocks.ts';
import { envelopeText } from './envelope-text.ts';

/** Where a result is from, for {@link asData}. */
export interface DataProvenance {
  /** The server's registered name. */
  readonly server: string;
  readonly tool?: string;
  /** What policy says its results are; default none. */
  readonly labels?: readonly string[];
  /** Default `external`. */
  readonly trust?: 'internal' | 'external';
  /** Where the envelope's nonce comes from; default 130 random bits. For tests. */
  readonly ids?: IdSource;
}

/** A result as data for model context. */
export interface DataEnvelope {
  /** One text: who it is from, that it is data, and the content between delimiters that nothing in it can close. */
  readonly text: string;
  /** The same content by parts, for hosts that build their own messages. Nothing in them is delimited or escaped. */
  readonly blocks: readonly DataBlock[];
  readonly server: string;
  readonly tool: string | null;
  readonly trust: 'internal' | 'external';
  readonly labels: readonly string[];
  readonly isError: boolean;
}

const nonces = randomIds('');

/**
 * Wraps a result for model context as data and not as instructions: where it is from, whether it is trusted, and delimiters that
 * no server can forge. Takes results of tools, prompts and resources of both SDK majors; anything else is shown as JSON.
 *
 * It says what the text is. Whether a model heeds that is up to the model: policy and inspection are what holds.
 *
 * @throws {PlainDataError} for a result that is not plain JSON data
 * @throws {TypeError} without the name of a server
 */
export function asData(result: unknown, provenance: DataProvenance): DataEnvelope {
  const { server, tool = null, labels = [], trust = 'external', ids = nonces } = provenance;
  if (typeof server !== 'string' || server === '') throw new TypeError('server: expected the registered name');
  const plain = clonePlain(result, undefined, { dropUndefined: true, dropHidden: true });
  const content: JsonObject = isJsonObject(plain) ? plain : { structuredContent: plain };
  const about = { server, tool, labels, trust, isError: content['isError'] === true };
  const blocks = blocksOf(content);
  return Object.freeze({ ...about, text: envelopeText(blocks, about, ids()), blocks });
}
