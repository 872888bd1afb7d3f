import { appendPointer, type JsonObject } from '@callgate/canonical';

import type { CompiledPolicy } from '../compiled-policy.ts';
import type { PolicyLocation } from '../decision.ts';
import type { ArgumentSchema, EnvelopeDocument, ToolDocument } from '../document/types.ts';
import { runtimeOf } from '../compile/server-runtime.ts';
import type { CaseResult } from './types.ts';

/** Something of a policy that a suite can show to work. */
export interface CoverageItem {
  /** `entry`: a call passed or was held; `argument`: a value was refused; `rule`: it applied; `control`: it refused a call, or warned. */
  readonly kind: 'entry' | 'argument' | 'rule' | 'control';
  /** JSON pointer into the policy. */
  readonly pointer: string;
  readonly location: PolicyLocation | undefined;
  /** In words, what the suite should do to cover it. */
  readonly missing: string;
  readonly isCovered: boolean;
}

/** What of a policy a suite covers. */
export interface Coverage {
  readonly items: readonly CoverageItem[];
  readonly covered: number;
  /** From 0 to 1; 1 for a policy with nothing to cover. */
  readonly ratio: number;
}

/** What the results of a suite cover of the policy: each tool let through, each bounded argument refused, each rule applied, each control at its bound. */
export function coverageOf(policy: CompiledPolicy, results: readonly CaseResult[]): Coverage {
  const runtime = runtimeOf(policy);
  const seen = seenIn(results);
  const items: CoverageItem[] = [];
  for (const [name, server] of Object.entries(policy.document.servers)) {
    for (const [tool, document] of Object.entries(server.tools ?? {})) {
      const pointer = appendPointer(appendPointer(appendPointer('/servers', name), 'tools'), tool);
      items.push(...itemsOf(pointer, tool, document, seen, policy));
    }
  }
  for (const rule of runtime.rules) {
    const [{ rule: pointer, location }] = rule.references;
    items.push({
      kind: 'rule',
      pointer,
      location,
      missing: `no test in which rule \`${rule.id}\` applies`,
      isCovered: seen.has(rule.id),
    });
  }
  for (const { control } of runtime.controls) {
    const [{ rule: pointer, location }] = control.references;
    items.push({
      kind: 'control',
      pointer,
      location,
      missing: `no test in which \`${control.id}\` refuses a call`,
      isCovered: seen.has(control.id),
    });
  }
  const covered = items.filter((item) => item.isCovered).length;
  return { items, covered, ratio: items.length === 0 ? 1 : covered / items.length };
}

function itemsOf(
  pointer: string,
  tool: string,
  document: ToolDocument,
  seen: ReadonlySet<string>,
  policy: CompiledPolicy,
): readonly CoverageItem[] {
  const at = (place: string): PolicyLocation | undefined => policy.locate(place);
  const entry: CoverageItem = {
    kind: 'entry',
    pointer,
    location: at(pointer),
    missing: `no test in which a call of \`${tool}\` is allowed or held`,
    isCovered: seen.has(`${pointer} passed`),
  };
  return [
    entry,
    ...boundedNames(document.arguments).map((name): CoverageItem => {
      const place = appendPointer(`${pointer}/arguments`, name);
      return {
        kind: 'argument',
        pointer: place,
        location: at(place),
        missing: `no test in which a value of \`${name}\` is refused for \`${tool}\``,
        isCovered: seen.has(`${pointer} refused ${appendPointer('', name)}`),
      };
    }),
  ];
}

function boundedNames(envelope: EnvelopeDocument | undefined): readonly string[] {
  if (typeof envelope !== 'object') return [];
  return Object.entries(envelope).flatMap(([name, schema]) => (isOpen(schema) ? [] : [name]));
}

function isOpen(schema: ArgumentSchema): boolean {
  return (schema as JsonObject)['type'] === 'any';
}

/** What the decisions show: rules by id, entries that let something pass, arguments that were refused. */
function seenIn(results: readonly CaseResult[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { decision } of results) {
    const judged = decision.would ?? decision.effect;
    for (const { id } of decision.notices ?? []) seen.add(id);
    for (const { rule, id } of [...decision.determining, ...(decision.observed ?? [])]) {
      if (id !== undefined) seen.add(id);
      if (judged !== 'deny') seen.add(`${rule} passed`);
      for (const { pointer } of decision.violations) {
        const [, name = ''] = pointer.split('/');
        if (pointer !== '') seen.add(`${rule} refused /${name}`);
      }
    }
  }
  return seen;
}
