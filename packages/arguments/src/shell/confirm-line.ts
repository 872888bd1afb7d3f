import {
  parse,
  type AndOr,
  type CommandNode,
  type PipelineNode,
  type Redirection,
  type Statement,
  type Word,
  type WordPart,
} from 'unbash';

import type { Command, Connector, Line, Redirect } from './line.ts';

/**
 * Whether a whole bash grammar finds the same commands, words, operators and redirections in a text as this kind's own reader did.
 *
 * The reader knows a small language, unbash a large one. Where they differ, one of them is wrong about what a shell would run, so
 * the line is refused. Called for lines that the reader took only, which keeps constructs that nest away from the parser.
 */
export function confirmsLine(text: string, line: Line): boolean {
  try {
    const script = parse(text);
    if (script.errors !== undefined && script.errors.length > 0) return false;
    const seen: Seen = { commands: [], connectors: [] };
    return script.commands.every((statement, index) => addStatement(statement, index, seen)) && isSame(seen, line);
  } catch {
    return false;
  }
}

interface Seen {
  readonly commands: Command[];
  readonly connectors: Connector[];
}

function addStatement(statement: Statement, index: number, seen: Seen): boolean {
  if (index > 0 && seen.connectors.length < seen.commands.length) seen.connectors.push('sequence');
  if (!addNode(statement.command, seen)) return false;
  if (statement.background === true) seen.connectors.push('background');
  return true;
}

function addNode(node: AndOr | PipelineNode, seen: Seen): boolean {
  switch (node.type) {
    case 'AndOr':
      return node.commands.every((command, index) => {
        if (index > 0) seen.connectors.push(node.operators[index - 1] === '&&' ? 'and' : 'or');
        return addNode(command, seen);
      });
    case 'Pipeline':
      return (
        node.prefixes.length === 0 &&
        node.commands.every((command, index) => {
          if (index > 0) seen.connectors.push('pipe');
          return (index === 0 || node.operators[index - 1] === '|') && addCommand(command, seen);
        })
      );
    case 'Command':
      return addCommand(node, seen);
    default:
      return false;
  }
}

function addCommand(node: CommandNode, seen: Seen): boolean {
  if (node.type !== 'Command') return false;
  const words: string[] = [];
  const redirects: Redirect[] = [];
  for (const item of [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix]) {
    if (item.type === 'Word') {
      if (!isPlain(item)) return false;
      words.push(item.value);
    } else {
      const redirect = item.type === 'Redirect' ? redirectOf(item) : undefined;
      if (redirect === undefined) return false;
      redirects.push(redirect);
    }
  }
  seen.commands.push({ words, redirects });
  return true;
}

const KINDS: Readonly<Partial<Record<Redirection['operator'], Redirect['kind']>>> = {
  '<': 'in',
  '>': 'out',
  '>>': 'append',
  '>&': 'merge',
};

function redirectOf(item: Redirection): Redirect | undefined {
  const kind = KINDS[item.operator];
  if (kind === undefined || item.type !== 'Redirect' || item.target === undefined || !isPlain(item.target))
    return undefined;
  if (item.descriptor?.type === 'FileDescriptorVariable') return undefined;
  const descriptor = item.descriptor?.value ?? (kind === 'in' ? 0 : 1);
  if (descriptor !== 0 && descriptor !== 1 && descriptor !== 2) return undefined;
  return { kind, descriptor, target: item.target.value };
}

/** Whether a word is text and quoted text only. */
function isPlain(word: Word): boolean {
  return (word.parts ?? []).every(isPlainPart);
}

function isPlainPart(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return true;
    case 'DoubleQuoted':
      return part.parts.every(({ type }) => type === 'Literal');
    default:
      return false;
  }
}

function isSame(seen: Seen, line: Line): boolean {
  return (
    isSameList(seen.connectors, line.connectors) &&
    seen.commands.length === line.commands.length &&
    seen.commands.every((command, index) => {
      const other = line.commands[index];
      return (
        other !== undefined &&
        isSameList(command.words, other.words) &&
        isSameList(command.redirects.map(redirectKey), other.redirects.map(redirectKey))
      );
    })
  );
}

function redirectKey({ kind, descriptor, target }: Redirect): string {
  return `${kind} ${descriptor} ${target}`;
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
