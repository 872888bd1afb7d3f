import { definePolicy, type PolicyDocument } from 'callgate';

/**
 * The policy of a file server: read inside one folder, ask before writing there, nothing else.
 *
 * What it decides on is text. A path passes when it begins with the folder and no part of it begins with a dot, so
 * neither `..` nor hidden files pass. Where a symbolic link leads is not in the text: see `main.ts`.
 *
 * @param server how the server is started; another command is another server, and is denied
 * @param folder absolute, with forward slashes
 */
export function filesystemPolicy(server: { command: string; args: string[] }, folder: string): PolicyDocument {
  const insidePattern = `^${escapePattern(folder)}(/[A-Za-z0-9_-][A-Za-z0-9_. -]*)*$`;
  const path = {
    type: 'string',
    maxLength: 1024,
    pattern: insidePattern,
    message: 'only paths inside the shared folder',
  } as const;
  const lines = { type: 'integer', minimum: 1, maximum: 1000, optional: true } as const;
  const text = { type: 'string', maxLength: 100_000 } as const;
  const approval = { by: ['role:owner'] };
  return definePolicy({
    callgate: 1,
    name: 'filesystem',
    version: '1',
    servers: {
      files: {
        identity: server,
        trust: 'internal',
        timeout: '5s',
        maxResultBytes: '256KiB',
        tools: {
          list_allowed_directories: { ring: 0 },
          list_directory: { ring: 1, arguments: { path } },
          get_file_info: { ring: 1, arguments: { path } },
          read_text_file: { ring: 1, arguments: { path, head: lines, tail: lines } },
          read_multiple_files: {
            ring: 1,
            arguments: { paths: { type: 'array', items: path, minItems: 1, maxItems: 10 } },
          },
          write_file: { ring: 2, arguments: { path, content: text }, approval },
          create_directory: { ring: 2, arguments: { path }, approval },
          move_file: { ring: 2, arguments: { source: path, destination: path }, approval },
        },
      },
    },
  });
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}
