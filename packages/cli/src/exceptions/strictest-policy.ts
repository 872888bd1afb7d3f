import { compilePolicy, type CompiledPolicy, type ExceptionRegister, type ToolDocument } from '@callgate/policy';

/**
 * A policy that refuses whatever the exceptions can lift and nothing else, for comparing registers by themselves: tools whose
 * arguments an exception widens have no envelope, approval is needed where it is waived, and every waived rule denies.
 *
 * @throws {PolicyError} where a register names what no policy can have
 */
export function strictestPolicy(registers: readonly ExceptionRegister[]): CompiledPolicy {
  const exceptions = registers.flatMap((register) => register.exceptions.map(({ document }) => document));
  const servers = [...new Set(exceptions.map(({ server }) => server))].toSorted();
  const rules = [...new Set(exceptions.flatMap(({ waives }) => waives?.rules ?? []))].toSorted();
  return compilePolicy({
    callgate: 1,
    name: 'exceptions',
    version: '1',
    servers: Object.fromEntries(
      servers.map((server) => {
        const own = exceptions.filter((exception) => exception.server === server);
        const tools = [...new Set(own.map(({ tool }) => tool))].toSorted();
        return [server, { tools: Object.fromEntries(tools.map((tool) => [tool, toolOf(tool, own)])) }];
      }),
    ),
    rules: rules.map((id) => ({
      id,
      match: {
        tool: [...new Set(exceptions.filter(({ waives }) => waives?.rules?.includes(id)).map(({ tool }) => tool))],
      },
      deny: true as const,
    })),
  });
}

function toolOf(
  tool: string,
  exceptions: readonly ExceptionRegister['exceptions'][number]['document'][],
): ToolDocument {
  const own = exceptions.filter((exception) => exception.tool === tool);
  return {
    ring: 1,
    ...(own.some(({ arguments: envelope }) => envelope !== undefined) ? {} : { arguments: 'any' as const }),
    ...(own.some(({ waives }) => waives?.approval === true) ? { approval: 'required' as const } : {}),
  };
}
