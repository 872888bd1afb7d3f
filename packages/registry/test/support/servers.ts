import {
  approvePending,
  EMPTY_LOCK,
  observeServer,
  readManifest,
  type Advertised,
  type Approval,
  type Lock,
  type ServerIdentity,
} from '../../src/index.ts';

export const APPROVAL: Approval = { by: 'ana', at: '2026-11-25T10:00:00.000Z', reason: 'first look' };

export const IDENTITY: ServerIdentity = { kind: 'url', origin: 'https://files.example', publicKeys: [] };

export const HANDSHAKE = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: 'files', version: '1.0.0' },
  instructions: 'Read before you write.',
};

/** A tool with everything that a definition can have. */
export const READ_FILE = {
  name: 'read_file',
  title: 'Read a file',
  description: 'Reads one file of the project and returns its text.',
  icons: [{ src: 'https://files.example/read.png', mimeType: 'image/png' }],
  inputSchema: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Relative to the project', maxLength: 200 },
      encoding: { enum: ['utf-8', 'latin1'], default: 'utf-8' },
    },
    required: ['path'],
    additionalProperties: false,
  },
  outputSchema: { type: 'object', properties: { text: { type: 'string' } } },
  annotations: { readOnlyHint: true, openWorldHint: false },
  execution: { taskSupport: 'forbidden' },
  _meta: { 'files.example/team': 'storage' },
};

export const LIST_FILES = {
  name: 'list_files',
  description: 'Lists the files below a folder of the project.',
  inputSchema: { type: 'object', properties: { folder: { type: 'string' } } },
};

export const ADVERTISED: Advertised = {
  handshake: HANDSHAKE,
  tools: [READ_FILE, LIST_FILES],
  prompts: [{ name: 'review', description: 'Reviews a file.', arguments: [{ name: 'path', required: true }] }],
  resources: [{ uri: 'docs://guide', name: 'guide', mimeType: 'text/markdown' }],
  resourceTemplates: [{ uriTemplate: 'docs://{page}', name: 'page' }],
};

/** A lock in which all of this is approved. */
export function lockOf(advertised: Advertised, name = 'files', identity: ServerIdentity = IDENTITY): Lock {
  const seen = observeServer(EMPTY_LOCK, { name, identity, manifest: readManifest(advertised) });
  return approvePending(seen, APPROVAL, () => true).lock;
}
