import type { PolicyDocument, ToolDocument } from '@callgate/policy';

/** How many tools the policies have that loading and comparing are promised for. */
export const LARGE_TOOL_COUNT = 1_000;

/** The same with the first three arguments of each tool only. */
export function smallerPolicy(tools: number): PolicyDocument {
  const document = largePolicy(tools);
  const cut = Object.entries(document.servers['inventory']?.tools ?? {}).map(([name, tool]) => {
    const few = Object.entries(tool.arguments ?? {}).slice(0, 3);
    return [name, Object.assign({}, tool, { arguments: Object.fromEntries(few) })] as const;
  });
  return { ...document, servers: { inventory: { trust: 'internal', tools: Object.fromEntries(cut) } } };
}

/** A policy whose tools all differ, so that nothing found for one serves another. `widening` is added to the limit of each. */
export function largePolicy(tools: number, widening: (index: number) => number = () => 0): PolicyDocument {
  const named = Array.from({ length: tools }, (_, index) => [`tool.${index}`, toolOf(index, widening(index))] as const);
  return {
    callgate: 1,
    name: 'bench',
    version: '1',
    servers: { inventory: { trust: 'internal', tools: Object.fromEntries(named) } },
    rules: Array.from({ length: 20 }, (_, index) => ({
      id: `rule-${index}`,
      match: { tool: `tool.${index}*`, resources: { paths: [`/secret-${index}/**`] } },
      deny: true as const,
    })),
  };
}

function toolOf(index: number, widening: number): ToolDocument {
  return {
    ring: 1,
    who: { roles: [`team-${index % 20}`, 'support'] },
    arguments: {
      region: { enum: ['us-east', 'us-west', `zone-${index}`] },
      ticket: { type: 'string', pattern: `^T${index}-[0-9]{4,8}$` },
      limit: { type: 'integer', minimum: 1, maximum: 25 + index + widening },
      fields: { type: 'array', items: { enum: ['name', 'email', 'support_notes'] }, maxItems: 8, optional: true },
      note: { type: 'string', maxLength: 40 + (index % 400), optional: true },
    },
  };
}

/** The document as people write it: YAML in block style, texts in double quotes. */
export function toYaml(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}\n`;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return ` ${JSON.stringify(value)}\n`;
  const lines = Array.isArray(value)
    ? value.map((item: unknown) => `${indent}-${toYaml(item, `${indent}  `)}`)
    : Object.entries(value).map(
        ([name, member]) => `${indent}${JSON.stringify(name)}:${toYaml(member, `${indent}  `)}`,
      );
  return `\n${lines.join('')}`;
}
