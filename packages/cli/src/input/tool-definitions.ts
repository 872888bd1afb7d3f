import { excerpt } from '@callgate/canonical';
import { readToolDefinitions, type ToolDefinition } from '@callgate/policy';

import type { CommandIo } from '../command-io.ts';
import { InputError } from '../errors.ts';
import { parseJson } from './parse-json.ts';
import { readStandardInput, readText } from './read-text.ts';

/**
 * Reads the definitions of a server's tools: a list of them, `{ "tools": […] }`, or a JSON-RPC answer to `tools/list`.
 *
 * @param path a file, or `-` for standard input
 * @throws {InputError} when it cannot be read or is none of these
 */
export async function readToolsFile(path: string, io: CommandIo): Promise<readonly ToolDefinition[]> {
  const text = path === '-' ? await readStandardInput(io) : await readText(`@${path}`, io);
  const tools = readToolDefinitions(parseJson(text));
  if (tools !== undefined) return tools;
  const name = path === '-' ? 'standard input' : `\`${excerpt(path)}\``;
  throw new InputError(`expected tools in ${name}: a list, \`{ "tools": […] }\`, or an answer to \`tools/list\``);
}
