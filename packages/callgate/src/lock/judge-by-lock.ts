import type { JsonObject } from '@callgate/canonical';
import type { Decision } from '@callgate/policy';
import type { Verdict as LockVerdict } from '@callgate/registry/lock';

import type { GateCode, Verdict } from '../codes.ts';
import type { Link } from '../connection/link.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import type { LockContext, LockGuard } from './lock-guard.ts';
import { askedItem } from './lock-methods.ts';

/** What the lock needs to know of a connection; undefined where there is no lock, or no policy for the server. */
export function lockContext(link: Link): LockContext | undefined {
  const { server, identity } = link;
  return link.lock === undefined || server === undefined ? undefined : { drift: server.drift, identity };
}

/** What policy decided, made stricter where what the request is about is not what was locked. */
export function judgeByLock(link: Link, method: string, params: JsonObject, decision: Decision): Verdict {
  const context = lockContext(link);
  if (context === undefined || link.lock === undefined || decision.effect === 'deny') return decision;
  const { call, classes } = verdictOn(link.lock, method, params, context);
  if (call === 'allow' || decision.stage === 'off') return decision;
  const refusal = refusalOf(classes);
  if (decision.stage === 'observe') return observed(decision, call, refusal);
  if (call === 'deny') return refuse(refusal, decision);
  return decision.effect === 'hold' ? decision : held(decision, classes);
}

function verdictOn(
  guard: LockGuard,
  method: string,
  params: JsonObject,
  context: LockContext,
): Pick<LockVerdict, 'call' | 'classes'> {
  const item = askedItem(method, params);
  if (item?.kind === 'resource') return guard.verdictOfResource(item.name, context);
  if (item !== undefined) return guard.verdictOf(item.kind, item.name, context);
  // Whoever is not the server that was locked is told nothing. What needs an approval is what it offers, not the greeting.
  const verdict = guard.verdictOfServer(context);
  return verdict.call === 'deny' ? verdict : { call: 'allow', classes: [] };
}

/** What the model, and the record, are told of it. */
function refusalOf(classes: LockVerdict['classes']): Refusal {
  const next = 'use_other_tool';
  if (classes.includes('revoked'))
    return { code: 'manifest.revoked', message: 'what is asked for was revoked in the lock', next: 'stop' };
  if (classes.includes('identity-changed'))
    return { code: 'manifest.drifted', message: 'the server is not the one that the lock names', next: 'stop' };
  if (classes.includes('unseen')) {
    const message = 'what the server lists could not be compared with the lock';
    return { code: 'manifest.drifted', message, hints: ['list it first'], retryable: true, next: 'wait' };
  }
  if (classes.every((one) => one === 'added'))
    return { code: 'manifest.unlocked', message: 'what is asked for is not in the lock: nobody approved it', next };
  const message = `what is asked for is not what was approved in the lock (${classes.join(', ')})`;
  return { code: 'manifest.drifted', message, next };
}

function held(decision: Decision, classes: LockVerdict['classes']): Verdict {
  return {
    ...decision,
    effect: 'hold',
    code: 'approval.required',
    message: `what is asked for differs from the lock (${classes.join(', ')}), and needs an approval`,
    retryable: true,
    next: 'request_approval',
  };
}

/** In stage `observe` the record says what enforcement would do, and the call goes on. */
function observed(decision: Decision, would: 'deny' | 'hold', { code, message }: Refusal): Verdict {
  if (decision.would === 'deny' || decision.would === would) return decision;
  const wouldCode: GateCode = would === 'hold' ? 'approval.required' : code;
  return {
    ...decision,
    would,
    wouldCode,
    message: `observed only, enforcement would ${would}: ${message}`,
  };
}
