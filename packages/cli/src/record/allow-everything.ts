import { compilePolicy, type CompiledPolicy } from 'callgate';

/**
 * The policy of a recording that has none: whatever one server and its client say to each other. What the language cannot
 * allow as a whole (a form that asks for secrets, methods of the server's own) goes ahead because it only observes.
 */
export function allowEverything(server: string): CompiledPolicy {
  return compilePolicy({
    callgate: 1,
    name: 'record-everything',
    version: '1',
    servers: {
      [server]: {
        stage: 'observe',
        trust: 'external',
        timeout: '1h',
        maxResultBytes: '64MiB',
        sampling: 'allow',
        elicitation: 'allow',
        roots: { allow: ['**'] },
        logging: 'allow',
        completion: 'allow',
        tasks: 'allow',
        cache: 'allow',
        resources: { allow: ['**'], ring: 0, subscribe: true },
        prompts: { '*': 'any' },
        meta: { allow: ['*'] },
        headers: { allow: ['*'] },
        tools: { '*': { ring: 0 } },
      },
    },
  });
}
