import {
  isJsonArray,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import type { ArgumentSchema, DispatchDocument, PolicyDocument } from '@callgate/policy';

/** One step from a value to those inside it: a member, or every item or member but those named. */
export type Step = string | { readonly except: ReadonlySet<string> };

/** Where in a tool's arguments a path stands, and what the policy says of it. */
export interface PathArgument {
  readonly steps: readonly Step[];
  readonly roots: readonly string[];
  readonly base: string | undefined;
}

const EVERY: Step = { except: new Set() };

/** The arguments of kind `path` of an envelope, at any depth. */
export function pathArguments(envelope: Readonly<Record<string, ArgumentSchema>>): readonly PathArgument[] {
  return Object.entries(envelope).flatMap(([name, schema]) => inSchema(schema, [name]));
}

function inSchema(schema: ArgumentSchema, steps: readonly Step[]): readonly PathArgument[] {
  if ('kind' in schema) {
    if (schema.kind !== 'path') return [];
    const { roots, base } = schema as { readonly roots?: readonly string[]; readonly base?: string };
    return [{ steps, roots: roots ?? ['.'], base }];
  }
  const { items, properties = {}, additional } = schema;
  const listed = Object.entries(properties).flatMap(([name, inner]) => inSchema(inner, [...steps, name]));
  const others: Step = { except: new Set(Object.keys(properties)) };
  return [
    ...(items === undefined ? [] : inSchema(items, [...steps, EVERY])),
    ...listed,
    ...(typeof additional === 'object' ? inSchema(additional, [...steps, others]) : []),
  ];
}

/** The steps of a JSON pointer, in which `*` stands for every item or member. */
export function stepsOf(pointer: string): readonly Step[] {
  return parsePointer(pointer).map((token) => (token === '*' ? EVERY : token));
}

/** The values at the end of the steps; a place that is absent has none. */
export function valuesAt(value: JsonValue, steps: readonly Step[]): readonly JsonValue[] {
  let values: readonly JsonValue[] = [value];
  for (const step of steps) values = values.flatMap((each) => stepInto(each, step));
  return values;
}

function stepInto(value: JsonValue, step: Step): readonly JsonValue[] {
  if (typeof step === 'string') {
    const inner = isJsonArray(value) ? value[Number(step)] : isJsonObject(value) ? own(value, step) : undefined;
    return inner === undefined ? [] : [inner];
  }
  if (isJsonArray(value)) return value;
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => (step.except.has(name) ? [] : [inner]));
}

/** A call of a tool, the one that is sent or one inside a dispatcher's arguments. */
export interface ToolCallArguments {
  readonly server: string;
  readonly tool: string;
  readonly args: JsonObject;
}

const MAX_DISPATCHERS = 8;

/** A call, and the calls inside its arguments where the policy says that the tool is a dispatcher. */
export function* callsIn(call: ToolCallArguments, policy: PolicyDocument | undefined): Generator<ToolCallArguments> {
  let calls: readonly ToolCallArguments[] = [call];
  for (let depth = 0; depth <= MAX_DISPATCHERS && calls.length > 0; depth += 1) {
    yield* calls;
    calls = calls.flatMap((each) => innerCalls(each, dispatchOf(each, policy)));
  }
}

function dispatchOf(
  { server, tool }: ToolCallArguments,
  policy: PolicyDocument | undefined,
): DispatchDocument | undefined {
  const servers = policy?.servers ?? {};
  const tools = (Object.hasOwn(servers, server) ? servers[server]?.tools : undefined) ?? {};
  return Object.hasOwn(tools, tool) ? tools[tool]?.dispatch : undefined;
}

function innerCalls(call: ToolCallArguments, dispatch: DispatchDocument | undefined): readonly ToolCallArguments[] {
  if (dispatch === undefined) return [];
  const at = (source: JsonValue, pointer: string): JsonValue | undefined =>
    resolvePointer(source, parsePointer(pointer));
  const listed = dispatch.each === undefined ? call.args : at(call.args, dispatch.each);
  const sources = isJsonArray(listed) ? listed : listed === undefined ? [] : [listed];
  return sources.flatMap((source): ToolCallArguments[] => {
    const tool = at(source, dispatch.tool);
    const args = at(source, dispatch.arguments);
    const server = dispatch.server === undefined ? call.server : at(source, dispatch.server);
    if (typeof tool !== 'string' || typeof server !== 'string' || !isJsonObject(args)) return [];
    return [{ server, tool, args }];
  });
}
