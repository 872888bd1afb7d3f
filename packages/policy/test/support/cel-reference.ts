import { celEnv, celMap, isCelError, parse, plan, type CelEnv, type CelInput, type CelResult } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { JsonValue } from '@callgate/canonical';

import type { ConditionInput } from '../../src/conditions/condition.ts';

const ENVIRONMENT: CelEnv = celEnv({ funcs: [...strings] });

/** Evaluates an expression with the reference implementation that passes the official conformance tests. */
export function reference(source: string, input: ConditionInput): boolean | 'error' | 'no boolean' {
  let result: CelResult;
  try {
    result = plan(ENVIRONMENT, parse(source))(bindingsOf(input) as never);
  } catch {
    return 'error';
  }
  if (isCelError(result)) return 'error';
  return typeof result === 'boolean' ? result : 'no boolean';
}

function bindingsOf(input: ConditionInput): Readonly<Record<string, CelInput>> {
  const { server, tool, method, direction, principal, run, now } = input;
  return {
    arguments: celOf(input.arguments),
    server: celOf({ ...server }),
    ...(tool === undefined ? {} : { tool: mapOf([...entriesOf({ ...tool, ring: 0 }), ['ring', BigInt(tool.ring)]]) }),
    call: celOf({ method, direction }),
    principal: celOf({ ...principal } as JsonValue),
    run: celOf(run === undefined ? {} : { id: run }),
    ...(now === undefined ? {} : { now: timestampFromMs(now) }),
  };
}

function entriesOf(value: object): [string, CelInput][] {
  return Object.entries(value).map(([key, item]) => [key, celOf(item as JsonValue)]);
}

/** JSON as CEL sees it: numbers are doubles, objects are maps. */
function celOf(value: JsonValue): CelInput {
  if (Array.isArray(value)) return value.map((item: JsonValue) => celOf(item));
  if (typeof value !== 'object' || value === null) return value;
  return mapOf(entriesOf(value));
}

/** The library (0.6.1) takes a member whose value is null for absent, against the specification; mended here. */
function mapOf(entries: readonly [string, CelInput][]): CelInput {
  const map = new Map<string, CelInput>(entries);
  return Object.assign(celMap(map), { has: (key: unknown) => map.has(key as string) });
}
