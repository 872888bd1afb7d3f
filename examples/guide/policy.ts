// #region define
import { compilePolicy, definePolicy, type CompiledPolicy } from 'callgate';

const document = definePolicy({
  callgate: 1,
  name: 'notes',
  version: '1',
  servers: {
    notes: {
      trust: 'internal',
      tools: {
        'note.get': { ring: 1, arguments: { id: { type: 'string', pattern: '^N-[0-9]{1,6}$' } } },
        'note.delete': { ring: 3, arguments: { id: { type: 'string', pattern: '^N-[0-9]{1,6}$' } } },
      },
    },
  },
});

export const notesPolicy: CompiledPolicy = compilePolicy(document, { file: 'policy.ts' });
// #endregion

/** The same server, with controls over many calls. */
export const countedPolicy: CompiledPolicy = compilePolicy(
  definePolicy({
    callgate: 1,
    name: 'notes',
    version: '1',
    servers: {
      notes: {
        trust: 'internal',
        tools: {
          'note.get': { ring: 1, labels: ['private'], arguments: { id: { type: 'string', maxLength: 10 } } },
          'note.delete': { ring: 2, sink: 'external', arguments: { id: { type: 'string', maxLength: 10 } } },
        },
      },
    },
    breakers: [{ id: 'stuck', on: 'same result', per: ['run', 'tool'], after: 2, open: '5m' }],
    flows: [{ id: 'private-out', seen: ['private'], sink: 'external' }],
  }),
);
