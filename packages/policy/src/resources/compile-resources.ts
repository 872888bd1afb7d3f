import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ResourceMatchDocument } from '../document/types.ts';
import type { Envelope } from '../compile/entry.ts';
import type { ObjectCheck, ValueCheck } from '../envelope/value-check.ts';
import type { NamedResource } from '../kinds/kind.ts';
import type { IssueList } from '../load/issues.ts';
import { compileNameGlob, type GlobTest } from '../match/glob.ts';
import { addressesIn, compileAddressPattern } from './address-pattern.ts';
import { compileHostPattern, hostsIn, type HostTest } from './host-pattern.ts';
import { compilePathPattern, pathsIn, type PathPattern } from './path-pattern.ts';
import { programName, programsIn } from './program-pattern.ts';
import { compileTablePattern, tablesIn, type TableTest } from './table-pattern.ts';
import { spellingsOf, textsOf } from './texts-of.ts';

/** Whether arguments name one of a rule's resources: as an argument of a kind that knows what it names, or anywhere in a text. */
export type ResourceTest = (args: JsonValue, envelopes: readonly Envelope[]) => boolean;

/** Says what is wrong with a resource pattern, by its place below the rule's `resources`. */
type ReportResourceIssue = (pointer: string, expected: string, got: string) => void;

interface Tests {
  readonly paths: readonly PathPattern[];
  readonly hosts: readonly HostTest[];
  readonly tables: readonly TableTest[];
  readonly programs: readonly GlobTest[];
  readonly addresses: readonly GlobTest[];
}

/**
 * Compiles the resources of a rule. What is wrong with them goes to the issues, by its place below `pointer`.
 *
 * Texts are searched for everything they may name, in the spellings of `spellingsOf`: a rule about a resource holds whichever
 * tool names it. Values of kinds are asked as well, since they know more (a table in SQL, a host in a URL).
 */
export function compileResources(
  document: ResourceMatchDocument | undefined,
  pointer: string,
  issues: IssueList,
): ResourceTest | undefined {
  if (document === undefined) return undefined;
  const tests = compileTests(document, (place, expected, got) => issues.add(`${pointer}${place}`, expected, got));
  return (args, envelopes) =>
    textsOf(args).some((text) => spellingsOf(text).some((spelling) => namesAny(tests, spelling))) ||
    envelopes.some(
      (envelope) => typeof envelope === 'object' && resourcesIn(envelope, args).some((one) => isAny(tests, one)),
    );
}

function compileTests(document: ResourceMatchDocument, report: ReportResourceIssue): Tests {
  const hosts = (document.hosts ?? []).flatMap((pattern, index): HostTest[] => {
    const test = compileHostPattern(pattern);
    if (test === undefined)
      report(`/hosts/${index}`, 'a host such as `db.example.com`, or `.example.com`', 'something else');
    return test === undefined ? [] : [test];
  });
  return {
    paths: (document.paths ?? []).map(compilePathPattern),
    hosts,
    tables: (document.tables ?? []).map(compileTablePattern),
    programs: (document.programs ?? []).map((pattern) => compileNameGlob(programName(pattern))),
    addresses: (document.addresses ?? []).map(compileAddressPattern),
  };
}

function namesAny({ paths, hosts, tables, programs, addresses }: Tests, text: string): boolean {
  return (
    (paths.length > 0 && pathsIn(text).some((path) => paths.some((pattern) => pattern.matches(path)))) ||
    (hosts.length > 0 && hostsIn(text).some((host) => hosts.some((test) => test(host)))) ||
    (tables.length > 0 && tablesIn(text).some((table) => tables.some((test) => test(table)))) ||
    (programs.length > 0 && programsIn(text).some((program) => programs.some((test) => test(program)))) ||
    (addresses.length > 0 && addressesIn(text).some((address) => addresses.some((test) => test(address))))
  );
}

function isAny(tests: Tests, { type, name }: NamedResource): boolean {
  switch (type) {
    case 'path':
      return tests.paths.some((pattern) => pattern.matches(name));
    case 'host':
      return tests.hosts.some((test) => test(name));
    case 'table':
      return tests.tables.some((test) => test(name));
    case 'program':
      return tests.programs.some((test) => test(programName(name)));
    case 'address':
      return tests.addresses.some((test) => test(name));
  }
}

/** What the values of kinds in an object name. */
function resourcesIn(check: ObjectCheck, value: JsonValue): readonly NamedResource[] {
  if (!isJsonObject(value)) return [];
  const object: JsonObject = value;
  return check.properties.flatMap(({ name, value: inner }) =>
    Object.hasOwn(object, name) ? resourcesOf(inner, object[name] as JsonValue) : [],
  );
}

function resourcesOf(check: ValueCheck, value: JsonValue): readonly NamedResource[] {
  if (check.kind !== undefined) return check.kind.resources?.(value) ?? [];
  if (Array.isArray(value)) {
    const { items } = check;
    return items === undefined ? [] : (value as JsonArray).flatMap((item) => resourcesOf(items, item));
  }
  return check.object === undefined ? [] : resourcesIn(check.object, value);
}
