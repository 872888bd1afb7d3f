import { appendPointer, type Instant, type JsonObject } from '@callgate/canonical';

import type { Call, Principal } from '../call.ts';
import type { Effect } from '../decision.ts';
import { parseDuration, parseWindow } from '../document/units.ts';
import { PolicyError } from '../errors.ts';
import { parseInstant } from '../internal/instant.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { cloneDocument, refuseHiddenKeys, type PolicySource } from '../load/document-source.ts';
import { IssueList, addSchemaIssues } from '../load/issues.ts';
import { parseSource } from '../load/parse-source.ts';
import type { SourceMap } from '../load/source-map.ts';
import { suiteSchema } from './schema-suite.ts';
import type {
  ExpectationDocument,
  GivenCall,
  GivenDocument,
  Suite,
  SuiteCallDocument,
  SuiteCase,
  SuiteDocument,
  SuiteTestDocument,
} from './types.ts';

/**
 * Reads a suite of tests, YAML 1.2 or JSON, and unfolds it into single cases.
 *
 * @throws {PolicyError} with everything that is wrong and where
 */
export function parseSuite(text: string, source: Pick<PolicySource, 'file'> = {}): Suite {
  const { value, sourceMap } = parseSource(text, source.file ?? null);
  const document = cloneDocument(value, sourceMap);
  const issues = new IssueList(sourceMap);
  refuseHiddenKeys(document, '', issues);
  const result = suiteSchema.safeParse(document, { jitless: true });
  if (!result.success) addSchemaIssues(issues, document, result.error.issues);
  const suite = document as unknown as SuiteDocument;
  const cases = result.success
    ? suite.tests.flatMap((test, index) => new Unfolding(suite, test, `/tests/${index}`, issues, sourceMap).cases())
    : [];
  if (issues.sorted().length > 0) throw new PolicyError('CALLGATE_POLICY_INVALID', issues.sorted());
  return { file: sourceMap.file, policy: suite.policy, exceptions: suite.exceptions, cases: Object.freeze(cases) };
}

const NOBODY: Principal = Object.freeze({});

/** One test of a suite, on its way to cases. */
class Unfolding {
  readonly #suite: SuiteDocument;
  readonly #test: SuiteTestDocument;
  readonly #pointer: string;
  readonly #issues: IssueList;
  readonly #sourceMap: SourceMap;

  constructor(suite: SuiteDocument, test: SuiteTestDocument, pointer: string, issues: IssueList, sourceMap: SourceMap) {
    this.#suite = suite;
    this.#test = test;
    this.#pointer = pointer;
    this.#issues = issues;
    this.#sourceMap = sourceMap;
  }

  cases(): readonly SuiteCase[] {
    const { matrix } = this.#test;
    return matrix === undefined ? this.#plain() : this.#matrix(matrix);
  }

  #plain(): readonly SuiteCase[] {
    const { principals, calls = [], expect = 'deny' } = this.#test;
    const actors = principals === undefined ? [undefined] : [principals].flat();
    const wanted = [calls as readonly (string | SuiteCallDocument)[] | string | SuiteCallDocument].flat();
    if (wanted.length === 0) this.#issues.add(`${this.#pointer}/calls`, 'at least one call', 'none');
    return actors.flatMap((actor) =>
      wanted.map((call, index) =>
        this.#case(actor, call, `${this.#pointer}/expect`, expect, [
          ...(actors.length > 1 && actor !== undefined ? [actor] : []),
          ...(wanted.length > 1 ? [typeof call === 'string' ? call : `call ${index + 1}`] : []),
        ]),
      ),
    );
  }

  /** Every principal with every call: those that the test lists, or else all that the matrix names. */
  #matrix(matrix: NonNullable<SuiteTestDocument['matrix']>): readonly SuiteCase[] {
    const { principals, calls } = this.#test;
    const named = (calls === undefined ? [] : [calls].flat()).filter((call) => typeof call === 'string');
    const actors = new Set([...(principals === undefined ? [] : [principals].flat()), ...Object.keys(matrix)]);
    const wanted = new Set([...named, ...Object.values(matrix).flatMap((row) => Object.keys(row))]);
    return [...actors].flatMap((actor) =>
      [...wanted].map((call) => {
        const at = appendPointer(appendPointer(`${this.#pointer}/matrix`, actor), call);
        return this.#case(actor, call, at, matrix[actor]?.[call] ?? 'deny', [actor, call]);
      }),
    );
  }

  #case(
    actor: string | undefined,
    wanted: string | SuiteCallDocument,
    at: string,
    expected: Effect | ExpectationDocument,
    parts: readonly string[],
  ): SuiteCase {
    const { now, given = [] } = this.#test;
    const call = typeof wanted === 'string' ? this.#named('calls', this.#suite.calls ?? {}, wanted, at) : wanted;
    const principal = actor === undefined ? NOBODY : this.#named('principals', this.#suite.principals ?? {}, actor, at);
    const text = now ?? this.#suite.now;
    const time = text === undefined ? undefined : parseInstant(text);
    if (time === undefined && given.length > 0)
      this.#issues.add(`${this.#pointer}/given`, '`now` on the test or on the suite', 'neither');
    const own = this.#call(call ?? {}, principal ?? NOBODY, at);
    return {
      name: [this.#test.name, ...parts].join(' › '),
      call: own,
      now: time,
      given: given.flatMap((one, index) => this.#given(one, `${this.#pointer}/given/${index}`, own, time ?? 0)),
      expected: typeof expected === 'string' ? { effect: expected } : expected,
      location: this.#sourceMap.location(at),
    };
  }

  /** Earlier calls. Of one that names no principal, or no run, the case's own. */
  #given(document: GivenDocument, at: string, own: Call, now: Instant): readonly GivenCall[] {
    const { call: wanted, principal: actor, times = 1, ago } = document;
    const call = typeof wanted === 'string' ? this.#named('calls', this.#suite.calls ?? {}, wanted, at) : wanted;
    const principal =
      actor === undefined ? own.principal : this.#named('principals', this.#suite.principals ?? {}, actor, at);
    const { run, parents } = own;
    const inherited = { ...(run === undefined ? {} : { run }), ...(parents === undefined ? {} : { parents }) };
    const one: GivenCall = {
      name: `call ${typeof wanted === 'string' ? `\`${wanted}\`` : `of \`${wanted.tool ?? wanted.method ?? ''}\``}`,
      call: { ...inherited, ...this.#call(call ?? {}, principal ?? NOBODY, at) },
      at: now - ((ago === undefined ? undefined : parseWindow(ago)) ?? 0),
      outcome: outcomeOf(document),
    };
    return Array.from({ length: times }, () => one);
  }

  /** What the suite has under a name; an issue where there is none. */
  #named<Item>(
    key: 'calls' | 'principals',
    table: Readonly<Record<string, Item>>,
    name: string,
    at: string,
  ): Item | undefined {
    if (Object.hasOwn(table, name)) return table[name];
    const names = Object.keys(table);
    const known = names.length === 0 ? '' : `: ${names.map((one) => `\`${one}\``).join(', ')}`;
    const nearest = nearestName(name, names);
    const extra = nearest === undefined ? {} : { nearest };
    this.#issues.add(at, `one of the suite's \`${key}\`${known}`, 'a name that is not there', extra);
    return undefined;
  }

  #call(document: SuiteCallDocument, principal: Principal, at: string): Call {
    const server = document.server ?? this.#suite.server;
    if (server === undefined) this.#issues.add(at, '`server` on the call or on the suite', 'neither');
    const { tool, method = 'tools/call', direction = 'client-to-server', run, parents } = document;
    const params: JsonObject =
      tool === undefined ? (document.params ?? {}) : { name: tool, arguments: document.arguments ?? {} };
    return {
      server: server ?? '',
      direction,
      method,
      params,
      principal,
      ...(run === undefined ? {} : { run }),
      ...(parents === undefined ? {} : { parents }),
    };
  }
}

function outcomeOf({ outcome = 'ok', error, took, result, rows, tokens, labels }: GivenDocument): GivenCall['outcome'] {
  if (outcome === 'denied') return outcome;
  return {
    outcome,
    durationMs: (took === undefined ? undefined : parseDuration(took)) ?? 0,
    bytes: 0,
    ...(error === undefined ? {} : { errorClass: error }),
    ...(result === undefined ? {} : { result }),
    ...(rows === undefined ? {} : { rows }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(labels === undefined ? {} : { labels }),
  };
}
