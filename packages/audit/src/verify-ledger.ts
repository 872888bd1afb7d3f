import { ChainVerifier } from './internal/chain-verifier.ts';
import { withFileErrors } from './internal/file-errors.ts';
import { NODE_FILES } from './internal/file-operations.ts';
import { LineSplitter } from './internal/line-splitter.ts';
import { listSegments, readChunks } from './internal/segments.ts';
import { MAX_RECORD_BYTES } from './limits.ts';
import type { VerifyOptions, VerifyReport } from './verify-types.ts';

/**
 * Verifies a ledger: a directory of segments, or a stream of chunks of one (bytes, or text cut anywhere).
 *
 * Checks that records are numbered without a gap, that each names the digest of the line before it, that all belong to
 * one ledger, and that lines have the canonical form and members of records at their top level; with `deep` in full.
 * Any change of a line is visible in the line after it, so a change in the *last* line, or lines cut off cleanly at the
 * end, are not: that takes a signed checkpoint.
 *
 * Memory is bounded, whatever the source holds. Damage is reported, not thrown.
 *
 * @throws {AuditError} when the source cannot be read
 */
export function verifyLedger(
  source: string | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  return typeof source === 'string' ? verifyDirectory(source, options) : verifyChunks(source, options);
}

/** Verifies lines that are cut already, without their line feeds; otherwise as {@link verifyLedger}. */
export async function verifyLines(
  lines: AsyncIterable<string> | Iterable<string>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const verifier = new ChainVerifier(options);
  const encoder = new TextEncoder();
  for await (const line of lines) {
    options.signal?.throwIfAborted();
    const bytes = encoder.encode(line);
    if (bytes.length > MAX_RECORD_BYTES) verifier.takeTooLong(bytes.length);
    else verifier.takeLine(bytes, 0, bytes.length);
  }
  return verifier.report();
}

async function verifyChunks(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const verifier = new ChainVerifier(options);
  const splitter = new LineSplitter(MAX_RECORD_BYTES, verifier.takeLine, verifier.takeTooLong);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) {
    options.signal?.throwIfAborted();
    splitter.push(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
  }
  verifier.takeTornTail(splitter.restBytes);
  return verifier.report();
}

async function verifyDirectory(directory: string, options: VerifyOptions): Promise<VerifyReport> {
  const verifier = new ChainVerifier(options);
  const splitter = new LineSplitter(MAX_RECORD_BYTES, verifier.takeLine, verifier.takeTooLong);
  const segments = await listSegments(NODE_FILES, directory);
  for (const segment of segments) {
    const isLast = segment === segments.at(-1);
    verifier.beginSegment(segment.name, segment.firstSeq);
    await withFileErrors('read', segment.path, async () => {
      const file = await NODE_FILES.openToRead(segment.path);
      try {
        for await (const chunk of readChunks(file)) {
          options.signal?.throwIfAborted();
          splitter.push(chunk);
        }
      } finally {
        await file.close();
      }
    });
    verifier.takeTornTail(splitter.restBytes, isLast);
    splitter.reset();
    verifier.endSegment(isLast);
  }
  return verifier.report();
}
