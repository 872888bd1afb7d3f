import { compilePolicy, type CompiledPolicy } from '@callgate/policy';

/**
 * A policy that allows everything the language can allow, on the named servers: for transparency tests, where a governed
 * client must behave as an ungoverned one.
 */
export function allowAllPolicy(...servers: readonly string[]): CompiledPolicy {
  return compilePolicy({
    callgate: 1,
    name: 'allow-all',
    version: '1',
    servers: Object.fromEntries(
      servers.map((server) => [
        server,
        {
          result: 'off',
          sampling: 'allow',
          elicitation: {
            form: 'allow',
            url: { then: 'allow', hosts: ['localhost', 'example.com', '.example.com'] },
            secrets: 'allow',
          },
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
      ]),
    ),
  });
}
