import { digestJson, type Instant, type JsonValue } from '@callgate/canonical';

import type { CompiledPolicy } from '../compiled-policy.ts';
import { runtimeOf } from '../compile/server-runtime.ts';
import { exceptionsSchema } from '../document/schema-exceptions.ts';
import type { ExceptionDocument, ExceptionsDocument } from '../document/types.ts';
import { compileEnvelope, type CompileContext } from '../envelope/compile-value.ts';
import { refuseQuarantined } from '../envelope/quarantined-places.ts';
import { PolicyError } from '../errors.ts';
import type { ExceptionRegister, ExceptionRuntime } from '../exceptions/exception.ts';
import { RegisterRuntime, registerOf } from '../exceptions/register.ts';
import { parseInstant } from '../internal/instant.ts';
import { compileWho } from '../match/who.ts';
import { IssueList, addSchemaIssues } from './issues.ts';
import { cloneDocument, contextOf, refuseHiddenKeys, type PolicySource } from './document-source.ts';
import { parseSource } from './parse-source.ts';
import { SourceMap } from './source-map.ts';

/**
 * Compiles the text of a register of exceptions, YAML 1.2 or JSON.
 *
 * @throws {PolicyError} with everything that is wrong and where
 */
export function parseExceptions(text: string, source: PolicySource = {}): ExceptionRegister {
  const { value, sourceMap } = parseSource(text, source.file ?? null);
  return compile(cloneDocument(value, sourceMap), sourceMap, source);
}

/**
 * Compiles a register of exceptions given as an object.
 *
 * @throws {PolicyError} with everything that is wrong; places are JSON pointers
 */
export function compileExceptions(document: ExceptionsDocument, source: PolicySource = {}): ExceptionRegister {
  const sourceMap = new SourceMap(source.file ?? null);
  return compile(cloneDocument(document, sourceMap), sourceMap, source);
}

/**
 * The policy with the exceptions of a register in force, each in its time. Instead of those it had.
 *
 * An exception for what the policy does not have lifts nothing. The digest of the policy stays: exceptions have their own.
 */
export function withExceptions(policy: CompiledPolicy, register: ExceptionRegister | undefined): CompiledPolicy {
  return runtimeOf(policy).withExceptions(register === undefined ? undefined : registerOf(register));
}

function compile(document: JsonValue, sourceMap: SourceMap, source: PolicySource): ExceptionRegister {
  const issues = new IssueList(sourceMap);
  refuseHiddenKeys(document, '', issues);
  const result = exceptionsSchema.safeParse(document, { jitless: true });
  if (!result.success) addSchemaIssues(issues, document, result.error.issues);
  const context = contextOf(issues, sourceMap, source);
  const exceptions = result.success ? compileAll(document as unknown as ExceptionsDocument, context) : [];
  if (issues.sorted().length > 0) throw new PolicyError('CALLGATE_POLICY_INVALID', issues.sorted());
  return new RegisterRuntime(sourceMap.file, digestJson(document), exceptions);
}

function compileAll(document: ExceptionsDocument, context: CompileContext): readonly ExceptionRuntime[] {
  const seen = new Set<string>();
  return document.exceptions.map((exception, index) => {
    const pointer = `/exceptions/${index}`;
    if (seen.has(exception.id))
      context.issues.add(`${pointer}/id`, 'an id that no other exception has', 'one that another exception has');
    seen.add(exception.id);
    return compileException(exception, pointer, context);
  });
}

function compileException(document: ExceptionDocument, pointer: string, context: CompileContext): ExceptionRuntime {
  const created = instantOf(document.created);
  const expires = instantOf(document.expires);
  if (expires <= created) context.issues.add(`${pointer}/expires`, 'a time after `created`', 'one that is not');
  const location = context.location(pointer);
  const envelope =
    document.arguments === undefined ? undefined : compileEnvelope(document.arguments, `${pointer}/arguments`, context);
  refuseQuarantined(envelope, `${pointer}/arguments`, context.issues);
  const reference = { rule: pointer, id: document.id, ...(location === undefined ? {} : { location }) };
  return Object.freeze({
    id: document.id,
    document,
    created,
    expires,
    renewals: document.renewals?.length ?? 0,
    location,
    who: compileWho(document.who),
    envelope,
    waivedRules: new Set(document.waives?.rules),
    waivesApproval: document.waives?.approval === true,
    references: Object.freeze([Object.freeze(reference)]),
  });
}

/** The schema has checked that it is one. */
function instantOf(text: string): Instant {
  return parseInstant(text) ?? Number.NaN;
}
