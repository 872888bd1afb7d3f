import type { JsonValue } from '@callgate/canonical';
import type {
  ArgumentKind,
  CompiledKind,
  Containment,
  KindProblem,
  NamedResource,
  ReportKindIssue,
} from '@callgate/policy';

import { canonicalText } from './canonical.ts';
import { isProvablyWithin } from './containment.ts';
import type { Dialect, ReadStatement, SqlDialect } from './dialect.ts';
import { judge } from './judge.ts';
import { isPostgresLoaded, loadPostgres, postgres } from './postgres/dialect.ts';
import { withLimit } from './repair.ts';
import { compileRules, type Rules } from './rules.ts';
import { probesOf, samplesOf } from './samples.ts';
import { sqlSchema, type SqlSpecification } from './specification.ts';
import { isSqliteLoaded, loadSqlite, sqlite } from './sqlite/dialect.ts';
import { Wording } from './wording.ts';

const DIALECTS: Readonly<Record<SqlDialect, Dialect>> = { postgres, sqlite };

/**
 * A text that is one SQL statement of PostgreSQL or SQLite, judged on the tree that a parser made from the database's own grammar reads:
 * kinds of statements, tables, columns, functions, `LIMIT`, `WHERE`.
 *
 * `load` loads both parsers.
 *
 * @see docs/reference/kinds/sql.md
 */
export const sqlKind: ArgumentKind<SqlSpecification> = {
  name: 'sql',
  summary: 'one SQL statement of PostgreSQL or SQLite',
  types: ['string'],
  specification: sqlSchema,
  async load() {
    await Promise.all([loadPostgres(), loadSqlite()]);
  },
  get isLoaded() {
    return isPostgresLoaded() && isSqliteLoaded();
  },
  compile: (specification, report) => new CompiledSql(specification, report),
};

/** What is known of a text. */
interface Judged {
  readonly text: string;
  readonly problems: readonly KindProblem[];
  readonly resources: readonly NamedResource[];
  readonly reading: ReadStatement | undefined;
}

class CompiledSql implements CompiledKind {
  readonly kind = 'sql';
  readonly expected: string;
  private readonly rules: Rules;
  private readonly wording: Wording;
  /** The text judged last: a decision asks for its problems, its canonical form and its tables in turn. */
  private last: Judged | undefined;

  constructor(specification: SqlSpecification, report: ReportKindIssue) {
    this.rules = compileRules(specification, DIALECTS[specification.dialect ?? 'postgres'], report);
    this.wording = new Wording(specification, this.rules);
    this.expected = this.wording.expected;
  }

  check(value: JsonValue): readonly KindProblem[] {
    return this.judged(value).problems;
  }

  canonical(value: JsonValue): JsonValue | undefined {
    const { problems, reading } = this.judged(value);
    if (typeof value !== 'string' || reading === undefined || problems.length > 0) return undefined;
    const text = canonicalText(value, reading.statement, this.rules.dialect);
    return text !== undefined && this.check(text).length === 0 ? text : value;
  }

  isWithin(other: CompiledKind): Containment {
    if (!(other instanceof CompiledSql)) return this.isRefutedBy(other) ? 'no' : 'unknown';
    if (isProvablyWithin(this.rules, other.rules)) return 'yes';
    return this.isRefutedBy(other) ? 'no' : 'unknown';
  }

  private isRefutedBy(other: CompiledKind): boolean {
    return [...this.samples(), ...this.probes()].some(
      (value) => this.check(value).length === 0 && other.check(value).length > 0,
    );
  }

  samples(): readonly JsonValue[] {
    return samplesOf(this.rules).filter((text) => this.check(text).length === 0);
  }

  probes(): readonly JsonValue[] {
    return probesOf(this.rules);
  }

  repair(value: JsonValue | undefined): readonly JsonValue[] {
    const { limit } = this.rules;
    if (typeof value !== 'string' || limit === undefined) return [];
    const { reading, problems } = this.judged(value);
    if (reading === undefined || problems.every(({ code }) => code !== 'sql.limit')) return [];
    return withLimit(value, reading, limit).filter((text) => this.check(text).length === 0);
  }

  resources(value: JsonValue): readonly NamedResource[] {
    return this.judged(value).resources;
  }

  private judged(value: JsonValue): Judged {
    if (typeof value !== 'string') return { ...NOTHING, problems: [this.problem('sql.text', 'error', 'no text')] };
    if (this.last?.text === value) return this.last;
    const judged = this.judge(value);
    this.last = judged;
    return judged;
  }

  private judge(text: string): Judged {
    if (text.length > this.rules.maxLength) {
      const got = `a text longer than ${this.rules.maxLength}`;
      return { ...NOTHING, text, problems: [this.problem('sql.length', 'error', got, 'send a shorter statement')] };
    }
    // A NUL ends the text for the parser, not for whoever reads on; a lone surrogate has no form in UTF-8.
    if (text.includes('\0') || !text.isWellFormed()) {
      return {
        ...NOTHING,
        text,
        problems: [this.problem('sql.text', 'error', 'a text with characters that SQL has not')],
      };
    }
    const reading = this.rules.dialect.read(text);
    if (!('statement' in reading)) {
      const hint = reading.hint ?? HINTS.get(reading.code) ?? this.wording.statementHint;
      return { ...NOTHING, text, problems: [this.problem(reading.code, reading.verdict, reading.got, hint)] };
    }
    try {
      const findings = judge(reading.statement, this.rules, this.wording);
      return { text, reading, problems: findings.list(), resources: findings.resources() };
    } catch {
      // The stack of the host may be almost full already.
      return { ...NOTHING, text, problems: [this.problem('sql.bounds', 'error', 'a statement that nests too deep')] };
    }
  }

  private problem(code: string, verdict: 'fail' | 'error', got: string, hint?: string): KindProblem {
    return { code, verdict, pointer: '', expected: this.expected, got, ...(hint === undefined ? {} : { hint }) };
  }
}

const NOTHING: Judged = { text: '', problems: [], resources: [], reading: undefined };

const HINTS: ReadonlyMap<string, string> = new Map([
  ['sql.bounds', 'send a simpler statement'],
  ['sql.multiple', 'send one statement only'],
  ['sql.syntax', 'correct the syntax of the statement'],
  ['sql.unsupported', 'write the statement without it'],
]);
