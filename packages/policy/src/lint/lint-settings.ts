import { appendPointer } from '@callgate/canonical';

import type { ServerDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';
import { lintUriPatterns } from './lint-uri-patterns.ts';

/** Looks at what a server may do besides answering calls: each of these is denied unless the policy says otherwise. */
export function lintSettings(name: string, server: ServerDocument, pointer: string, findings: Findings): void {
  const subject = `server \`${name}\``;
  const at = (key: keyof ServerDocument): string => appendPointer(pointer, key);
  const { sampling, cache, tasks } = server;
  if (sampling === 'allow' || (typeof sampling === 'object' && sampling.then === 'allow')) {
    const message = `${subject} may use the host’s model, and nobody is asked`;
    findings.add('sampling-allowed', at('sampling'), message, 'use `deny` or `hold`');
  }
  lintElicitation(subject, server.elicitation, at('elicitation'), findings);
  if (cache === 'allow') {
    const message = `${subject}: the client may answer from its own cache, past the gate and the record`;
    findings.add('cache-allowed', at('cache'), message, 'remove `cache: allow`');
  }
  if (tasks === 'allow') {
    const message = `${subject} may turn requests into tasks, which go on after the call has returned`;
    findings.add('tasks-allowed', at('tasks'), message, 'remove `tasks: allow` unless it is needed');
  }
  lintAllowed(subject, '`_meta` keys', 'meta-open', server.meta, at('meta'), findings);
  lintAllowed(subject, 'request headers', 'headers-open', server.headers, at('headers'), findings);
  const { resources, roots } = server;
  if (resources !== undefined) lintUriPatterns(subject, 'resources', resources.allow, at('resources'), findings);
  if (typeof roots === 'object') lintUriPatterns(subject, 'roots', roots.allow, at('roots'), findings);
}

function lintElicitation(
  subject: string,
  elicitation: ServerDocument['elicitation'],
  pointer: string,
  findings: Findings,
): void {
  const isForm = elicitation === 'allow' || (typeof elicitation === 'object' && elicitation.form === 'allow');
  const url = typeof elicitation === 'object' ? elicitation.url : undefined;
  if (isForm || (typeof url === 'object' && url.then === 'allow')) {
    const what = elicitation === 'allow' ? 'question the user, and send them anywhere' : 'question the user';
    const message = `${subject} may ${what} without anybody’s consent to the question`;
    findings.add('elicitation-allowed', pointer, message, 'use `hold`, or deny what it does not need');
  }
  if (typeof elicitation === 'object' && elicitation.secrets === 'allow') {
    const message = `${subject} may ask the user for secrets, which then pass through the client`;
    findings.add('elicitation-secrets', `${pointer}/secrets`, message, 'remove `secrets: allow`, and use `url`');
  }
}

function lintAllowed(
  subject: string,
  what: string,
  id: 'meta-open' | 'headers-open',
  names: { readonly allow: readonly string[] } | undefined,
  pointer: string,
  findings: Findings,
): void {
  if (names === undefined || names.allow.length === 0) return;
  const isAny = names.allow.some((name) => /^\*+$/u.test(name));
  const message = `${subject} gets ${isAny ? 'all' : 'extra'} ${what}, which no envelope judges`;
  findings.add(id, `${pointer}/allow`, message, 'list exact names, and only those it needs');
}
