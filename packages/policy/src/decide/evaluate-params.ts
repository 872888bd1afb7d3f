import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ServerKey, ServerRuntime } from '../compile/server-runtime.ts';
import { foreignName } from '../internal/foreign-name.ts';
import { smallestNames } from '../envelope/smallest-names.ts';
import { refuseByServer } from './evaluate-method.ts';
import type { Draft } from './draft.ts';

const MOST_UNKNOWN = 65;

/** What the params of methods with judged arguments may hold (MCP 2025-11-25 and 2026-07-28): nothing passes beside them. */
const KNOWN_PARAMS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    'tools/call': ['name', 'arguments'],
    'prompts/get': ['name', 'arguments'],
    'resources/read': ['uri'],
    'resources/subscribe': ['uri'],
    'resources/unsubscribe': ['uri'],
  }).map(([method, names]) => [method, new Set([...names, '_meta', 'task', 'inputResponses', 'requestState'])]),
);

/** Judges what any request can carry besides its own arguments: a task wish, and answers to the server's questions. */
export function evaluateParams(server: ServerRuntime, method: string, params: JsonObject, draft: Draft): void {
  if (Object.hasOwn(params, 'task') && !server.parts.tasks) {
    refuseByServer(server, 'tasks', 'method.not_allowed', 'the policy does not allow task-augmented calls', draft);
  }
  const responses = own(params, 'inputResponses');
  if (responses !== undefined) evaluateInputResponses(server, responses, draft);
  const known = KNOWN_PARAMS.get(method);
  if (known !== undefined) refuseUnknownParams(server, method, params, known, draft);
}

function refuseUnknownParams(
  server: ServerRuntime,
  method: string,
  params: JsonObject,
  known: ReadonlySet<string>,
  draft: Draft,
): void {
  for (const name of smallestNames(Object.keys(params), (candidate) => !known.has(candidate), MOST_UNKNOWN)) {
    draft.findings.add({
      code: 'params',
      pointer: '',
      expected: `params of \`${method}\` as MCP defines them`,
      got: foreignName(name, 'a member with an unusual name'),
      hint: `remove ${foreignName(name, 'the member with the unusual name')} from the params`,
    });
    refuseByServer(server, '', 'arguments.envelope', `the params of \`${method}\` hold more than MCP defines`, draft);
  }
}

/** Answers to questions that a server asked in its result (MCP 2026-07-28): only of kinds that it may ask. */
function evaluateInputResponses(server: ServerRuntime, responses: JsonValue, draft: Draft): void {
  const answers = isJsonObject(responses) ? Object.values(responses) : [null];
  const kinds = new Set(answers.map(answerKind));
  const { elicitation, sampling, roots } = server.parts;
  const refuse = (key: ServerKey | '', what: string): void =>
    refuseByServer(server, key, 'method.not_allowed', `the policy does not allow answers to ${what}`, draft);
  if (kinds.has('elicitation') && elicitation.form === 'deny' && elicitation.url === 'deny')
    refuse('elicitation', 'elicitation requests');
  if (kinds.has('sampling') && sampling.permission === 'deny') refuse('sampling', 'sampling requests');
  if (kinds.has('roots') && roots === undefined) refuse('roots', 'roots requests');
  if (kinds.has('unknown')) refuse('', 'requests of an unknown kind');
}

type AnswerKind = 'elicitation' | 'sampling' | 'roots' | 'unknown';

/** Answers are bare results; each kind has members that it requires. More than one kind at once is none. */
function answerKind(answer: JsonValue): AnswerKind {
  if (!isJsonObject(answer)) return 'unknown';
  const kinds: AnswerKind[] = [];
  if (own(answer, 'action') !== undefined) kinds.push('elicitation');
  if (own(answer, 'roots') !== undefined) kinds.push('roots');
  if (own(answer, 'role') !== undefined || own(answer, 'model') !== undefined) kinds.push('sampling');
  return kinds.length === 1 ? (kinds[0] as AnswerKind) : 'unknown';
}
