import type { CommandIo } from '../command-io.ts';
import { InputError } from '../errors.ts';

/**
 * The chunks of standard input as they arrive.
 *
 * @throws {InputError} when it cannot be read (a directory, a closed descriptor)
 */
export async function* standardInput(io: CommandIo): AsyncGenerator<Uint8Array | string> {
  let isReading = true;
  try {
    for await (const chunk of io.stdin) {
      isReading = false;
      yield chunk;
      isReading = true;
    }
  } catch (cause) {
    // What the consumer of a chunk throws is not a failure of reading.
    if (!isReading) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new InputError(`cannot read standard input: ${code}`, { cause });
  }
}
