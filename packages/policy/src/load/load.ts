import { appendPointer, digestJson, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { CompiledPolicy } from '../compiled-policy.ts';
import { compileServer } from '../compile/compile-server.ts';
import { PolicyRuntime, type ServerRuntime } from '../compile/server-runtime.ts';
import { policySchema } from '../document/schema.ts';
import type { ConditionTypes } from '../conditions/condition.ts';
import type { PolicyDocument } from '../document/types.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { shapeOf } from '../envelope/shape.ts';
import { PolicyError, type PolicyErrorCode } from '../errors.ts';
import { cloneDocument, contextOf, refuseHiddenKeys, type PolicySource } from './document-source.ts';
import { IssueList, addSchemaIssues } from './issues.ts';
import { addOwnControls, attachControls } from '../history/attach-controls.ts';
import { compileControls } from '../history/compile-controls.ts';
import { attachRules } from '../rules/attach-rules.ts';
import { compileRules } from '../rules/compile-rules.ts';
import { knownArguments } from '../rules/known-arguments.ts';
import type { Rule, RuleTarget } from '../rules/rule.ts';
import { parseSource } from './parse-source.ts';
import { SourceMap } from './source-map.ts';
import { DEFAULT_DRIFT_RULES, compileDrift } from '../drift/drift-rules.ts';
import { DEFAULT_OUTGOING_RULES, compileOutgoing } from '../outgoing/outgoing-rules.ts';
import { compileResult } from '../results/compile-result.ts';
import { DEFAULT_RESULT_RULES } from '../results/result-rules.ts';

/** The version of the policy language that this library speaks. */
export const POLICY_LANGUAGE_VERSION = 1;

/**
 * Compiles a policy text, YAML 1.2 or JSON.
 *
 * @throws {PolicyError} with everything that is wrong and where: syntax, unknown keys, types, bounds that contradict each
 *   other, patterns that do not compile
 */
export function parsePolicy(text: string, source: PolicySource = {}): CompiledPolicy {
  const { value, sourceMap } = parseSource(text, source.file ?? null);
  return compile(cloneDocument(value, sourceMap), sourceMap, source);
}

/**
 * Compiles a policy document given as an object. Members that are undefined count as absent.
 *
 * @throws {PolicyError} with everything that is wrong; places are JSON pointers
 */
export function compilePolicy(document: PolicyDocument, source: PolicySource = {}): CompiledPolicy {
  const sourceMap = new SourceMap(source.file ?? null);
  return compile(cloneDocument(document, sourceMap), sourceMap, source);
}

/** Types a policy document written in TypeScript, and returns it as it is. */
export function definePolicy<const Document extends PolicyDocument>(document: Document): Document {
  return document;
}

function compile(document: JsonValue, sourceMap: SourceMap, source: PolicySource): CompiledPolicy {
  const issues = new IssueList(sourceMap);
  checkVersion(document, issues);
  refuseHiddenKeys(document, '', issues);
  const result = policySchema.safeParse(document, { jitless: true });
  if (!result.success) addSchemaIssues(issues, document, result.error.issues);
  const context = contextOf(issues, sourceMap, source);
  // only validated data gets past the check below; before it, what is sound is compiled for the sake of its own mistakes
  const valid = document as unknown as PolicyDocument;
  const servers = result.success ? compileServers(valid, context) : tryServers(document, context);
  const ids = new Set<string>();
  const rules = result.success ? compilePolicyRules(valid, ids, context) : [];
  const controls = result.success ? compileControls(valid, ids, context) : [];
  if (result.success) addOwnControls(servers, valid, context);
  if (issues.sorted().length > 0) throw new PolicyError('CALLGATE_POLICY_INVALID', issues.sorted());
  attachControls(servers, controls);
  return new PolicyRuntime(
    {
      name: valid.name,
      version: valid.version,
      digest: digestJson(document),
      stage: valid.stage ?? 'enforce',
      document: valid,
    },
    attachRules(servers, rules),
    rules,
    controls,
    sourceMap,
  );
}

function checkVersion(document: JsonValue, issues: IssueList): void {
  if (!isJsonObject(document)) {
    const code: PolicyErrorCode = document === null ? 'CALLGATE_POLICY_EMPTY' : 'CALLGATE_POLICY_INVALID';
    issues.add('', 'a policy: an object with `callgate`, `name`, `version` and `servers`', shapeOf(document));
    throw new PolicyError(code, issues.sorted());
  }
  const version = own(document, 'callgate');
  if (typeof version === 'number' && version !== POLICY_LANGUAGE_VERSION) {
    issues.add(
      '/callgate',
      '`1`, the only version of the policy language that this release reads',
      `version ${version}`,
    );
    throw new PolicyError('CALLGATE_POLICY_VERSION', issues.sorted());
  }
}

function compileServers(document: PolicyDocument, context: CompileContext): ReadonlyMap<string, ServerRuntime> {
  const result = compileResult(document.result, DEFAULT_RESULT_RULES, '/result', context);
  const outgoing = compileOutgoing(document.outgoing, DEFAULT_OUTGOING_RULES);
  const drift = compileDrift(document.drift, DEFAULT_DRIFT_RULES);
  const scope = { stage: document.stage ?? 'enforce', owners: document.owners ?? {}, result, outgoing, drift } as const;
  const servers = new Map<string, ServerRuntime>();
  for (const name of Object.keys(document.servers).toSorted()) {
    const server = document.servers[name];
    if (server !== undefined)
      servers.set(name, compileServer(name, server, appendPointer('/servers', name), scope, context));
  }
  return servers;
}

function compilePolicyRules(document: PolicyDocument, ids: Set<string>, context: CompileContext): readonly Rule[] {
  const owner = document.owners?.rules ?? document.owners?.policy;
  const typesOf = (fits: (target: RuleTarget) => boolean, tools: readonly string[]): ConditionTypes => ({
    arguments: knownArguments(document, fits, tools),
    kinds: context.kinds,
  });
  return compileRules(document.rules ?? [], ids, { stage: document.stage ?? 'enforce', owner, typesOf }, context);
}

/** For a document that the schema refuses: each server on its own, as far as it goes. */
function tryServers(document: JsonValue, context: CompileContext): ReadonlyMap<string, ServerRuntime> {
  const servers = isJsonObject(document) ? own(document, 'servers') : undefined;
  for (const [name, server] of isJsonObject(servers) ? Object.entries(servers) : []) {
    try {
      compileServers({ ...(document as unknown as PolicyDocument), servers: { [name]: server as object } }, context);
    } catch {
      // its schema issues say why
    }
  }
  return new Map();
}
