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
