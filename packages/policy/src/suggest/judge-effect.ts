import { own } from '@callgate/canonical';

import { namesSecret } from '../compile/secret-fields.ts';
import type { ToolEffect } from '../decision.ts';
import { readVerb, verbEffect } from '../lint/tool-verbs.ts';
import type { ToolDefinition } from './tool-definition.ts';

/** What a tool seems to do, and what says so. */
export interface JudgedEffect {
  readonly effect: ToolEffect;
  /** The ring that it belongs in. */
  readonly ring: 1 | 2 | 3;
  readonly why: string;
}

/**
 * What a tool does, by its name and by what its server says. A server's hints make it more severe, and never less: who writes them
 * is who they are about. A tool of which nothing says that it only reads writes.
 */
export function judgeEffect(name: string, definition: ToolDefinition | undefined): JudgedEffect {
  const verb = verbEffect(name);
  const hints = definition?.annotations ?? {};
  if (verb?.effect === 'destructive') return destructive(`\`${verb.verb}\` in its name`);
  if (runsPrograms(name)) return destructive('its name says that it runs what it is given');
  if (own(hints, 'destructiveHint') === true && own(hints, 'readOnlyHint') !== true)
    return destructive('its server says that it destroys (`destructiveHint`)');
  if (verb !== undefined) return writing(name, `\`${verb.verb}\` in its name`);
  if (own(hints, 'readOnlyHint') === false)
    return writing(name, 'its server says that it writes (`readOnlyHint: false`)');
  const reading = readVerb(name);
  const saysRead = own(hints, 'readOnlyHint') === true;
  if (reading === undefined && !saysRead) return writing(name, 'nothing says that it only reads');
  if (namesSecrets(name))
    return { effect: 'read', ring: 3, why: 'its name speaks of credentials or the environment, which holds them' };
  return reading === undefined
    ? { effect: 'read', ring: 2, why: 'only its server says that it reads (`readOnlyHint`)' }
    : { effect: 'read', ring: 1, why: `\`${reading}\` in its name, and nothing that speaks against it` };
}

function destructive(why: string): JudgedEffect {
  return { effect: 'destructive', ring: 3, why };
}

function writing(name: string, why: string): JudgedEffect {
  return namesSecrets(name)
    ? { effect: 'write', ring: 3, why: `${why}, and its name speaks of credentials` }
    : { effect: 'write', ring: 2, why };
}

function namesSecrets(name: string): boolean {
  return namesSecret(name) || /(?:^|[_./:-])(?:env|environment|secrets|keys)(?:$|[_./:-])/iu.test(name);
}

function runsPrograms(name: string): boolean {
  return /(?:^|[_./:-]|[a-z](?=[A-Z]))(?:exec|execute|shell|bash|eval|run_command|run_code|runCommand|terminal)(?:$|[_./:-]|[A-Z])/iu.test(
    name,
  );
}
