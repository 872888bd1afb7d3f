import {
  HOSTS,
  SEVERITIES,
  type FlagSeverity,
  type Inventory,
  type InventoryFile,
  type InventoryFinding,
  type InventoryServer,
} from '@callgate/registry';

import type { CommandContext } from '../command.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { plural } from './words.ts';

const MAX_LINE = 1_000;

/** The most tools of a server that are listed. */
const MAX_TOOLS = 200;

/** Prints an inventory for a person: by file, each server with its findings below it. */
export function printInventory(inventory: Inventory, { out, style }: CommandContext): void {
  for (const file of inventory.files) {
    out.printLine(`${style.bold(HOSTS[file.host].name)} ${printable(file.path, MAX_LINE)}`);
    const findings = inventory.findings.filter((finding) => isOf(finding, file));
    for (const finding of findings.filter(({ server }) => server === null))
      out.printLine(findingLine(finding, '  ', style));
    for (const server of inventory.servers.filter((one) => isOf(one, file))) {
      for (const line of serverLines(server, style)) out.printLine(line);
      const own = findings.filter((finding) => finding.server === server.name && isWithin(finding, server, inventory));
      for (const finding of own) out.printLine(findingLine(finding, '      ', style));
    }
  }
  out.printLine(summary(inventory, style));
}

function isOf(item: { readonly host: string; readonly file: string }, file: InventoryFile): boolean {
  return item.host === file.host && item.file === file.path;
}

/** Of servers with one name in one file, a finding belongs to the last that begins before it. */
function isWithin({ line }: InventoryFinding, server: InventoryServer, { servers }: Inventory): boolean {
  const namesakes = servers.filter(
    (one) => one.host === server.host && one.file === server.file && one.name === server.name,
  );
  return namesakes.findLast((one) => one.line <= (line ?? 0)) === server || namesakes.length === 1;
}

function serverLines(server: InventoryServer, style: Style): readonly string[] {
  const target =
    server.url ??
    server.command.map((word) => (/^[\w@%+=:,./?&[\]-]+$/u.test(word) ? word : JSON.stringify(word))).join(' ');
  const state = server.isEnabled ? '' : style.dim(' (disabled)');
  const where = server.project === null ? '' : ` for ${printable(server.project)}`;
  const { governance, ring, reach } = server;
  const facts = [
    `ring ${ring.ring} (${ring.reason})`,
    `authentication: ${server.authentication}${server.credential === 'none' ? '' : `, ${server.credential}`}`,
    ...(server.environment.length === 0
      ? []
      : [`variables: ${server.environment.map((name) => printable(name, 64)).join(', ')}`]),
    ...(governance === null
      ? []
      : [governance.kind === 'governed' ? `governed as ${printable(governance.as)}` : governance.kind]),
  ];
  const tools = reach.kind === 'reached' ? reach.tools : [];
  return [
    `  ${style.bold(printable(server.name))} ${server.transport} ${printable(target, MAX_LINE)}${where}${state} ${style.dim(`line ${server.line}`)}`,
    `    ${style.dim(facts.join('; '))}`,
    ...(reach.kind === 'reached'
      ? [`    ${printable(reach.name)} ${printable(reach.version)}: ${plural(tools.length, 'tool')}`]
      : []),
    ...tools
      .slice(0, MAX_TOOLS)
      .map(
        (tool) =>
          `      ${printable(tool.name)} ${style.dim(`ring ${tool.ring}, ${tool.effect}: ${printable(tool.reason)}`)}`,
      ),
    ...(tools.length > MAX_TOOLS ? [`      ${style.dim(`and ${plural(tools.length - MAX_TOOLS, 'tool')} more`)}`] : []),
  ];
}

function findingLine(finding: InventoryFinding, indent: string, style: Style): string {
  const place = finding.line === null ? '' : style.dim(`:${finding.line}`);
  return `${indent}${severityWord(finding.severity, style)} ${printable(finding.message, MAX_LINE)} ${style.dim(`[${finding.id}]`)}${place}`;
}

function severityWord(severity: FlagSeverity, style: Style): string {
  switch (severity) {
    case 'error':
      return style.red('error:');
    case 'warning':
      return style.yellow('warning:');
    case 'note':
      return style.cyan('note:');
  }
}

function summary({ files, servers, findings }: Inventory, style: Style): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  const found = counts.length === 0 ? style.green('nothing found') : counts.join(', ');
  return `${style.bold(plural(servers.length, 'server'))} in ${plural(files.length, 'file')}; ${found}`;
}
