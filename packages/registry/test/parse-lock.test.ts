import { describe, expect, it } from 'vitest';

import { LockError, parseLock, printLock, type Lock, type PinnedItem } from '../src/index.ts';
import { ADVERTISED, lockOf } from './support/servers.ts';

const text = printLock(lockOf(ADVERTISED));

function issuesOf(changed: string): readonly string[] {
  try {
    parseLock(changed);
  } catch (error) {
    if (error instanceof LockError)
      return error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
    throw error;
  }
  return [];
}

/** The lock with other items of its one server, and the old digest of its manifest. */
function withPinned(change: (pinned: readonly PinnedItem[]) => readonly PinnedItem[]): Lock {
  const lock = lockOf(ADVERTISED);
  const [server] = lock.servers;
  if (server === undefined) throw new Error('expected a server');
  return { ...lock, servers: [{ ...server, pinned: change(server.pinned) }] };
}

/** Where a text stands in the lock. */
function lineOf(part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('the text of a lock', () => {
  it('ends with a line break, has one value a line, and its servers, items and members in order', () => {
    expect(text.endsWith('}\n')).toBe(true);
    expect(text.startsWith('{\n  "callgateLock": 1,\n  "revoked": [],\n  "servers": [\n')).toBe(true);
    expect(text.indexOf('"list_files"')).toBeLessThan(text.indexOf('"read_file"'));
  });

  it.each([
    [
      'an unknown member',
      text.replace('"callgateLock"', '"extra": 1, "callgateLock"'),
      'expected a known member, got `extra`',
    ],
    ['another version', text.replace('"callgateLock": 1', '"callgateLock": 2'), 'expected one of `1`'],
    ['a name twice', text.replace('"revoked": []', '"revoked": [], "revoked": []'), 'got one twice at `/revoked`'],
    ['no list', text.replace('"revoked": []', '"revoked": {}'), 'expected a value of type array'],
    ['a time that is none', text.replace('2026-11-25T10:00:00.000Z', 'yesterday'), 'expected a time such as'],
    [
      'a digest that is none',
      text.replace(/"digest": "sha256:[0-9a-f]{64}"/u, '"digest": "sha256:0"'),
      'expected a digest',
    ],
  ])('with %s is refused', (_, changed, message) => {
    expect(issuesOf(changed).join('\n')).toContain(message);
  });

  it('with a definition that was edited names the line of its digest', () => {
    const part = '"Reads one file of the project and returns its text."';
    const issues = issuesOf(text.replace(part, '"Else"'));
    expect(issues).toHaveLength(1);
    const digestLine =
      text.split('\n').findIndex((line, index) => index > lineOf(part) && line.includes('"digest"')) + 1;
    expect(issues[0]).toMatch(
      new RegExp(`^${digestLine}:\\d+ expected .sha256:[0-9a-f]{64}., the digest of the definition`, 'u'),
    );
  });

  it('without an item that was pinned names the line of the manifest', () => {
    const cut = withPinned((pinned) => pinned.slice(1));
    expect(issuesOf(printLock(cut))[0]).toContain('the digest of what is pinned');
  });

  it('with a definition left out is refused', () => {
    const lock = JSON.parse(text) as { servers: { pinned: Record<string, unknown>[] }[] };
    delete lock.servers[0]?.pinned[0]?.['definition'];
    expect(issuesOf(JSON.stringify(lock))[0]).toContain('/servers/0/pinned/0');
  });

  it('with conflict markers says so', () => {
    expect(issuesOf(text.replace('  "revoked"', '<<<<<<< ours\n  "revoked"'))).toEqual([
      '3:1 expected JSON, got an unresolved merge',
    ]);
  });

  it.each(['', 'nonsense', '[]', 'null', '{}', '[['.repeat(100_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`])(
    'that is no lock at all is an error of its own',
    (nonsense) => {
      expect(() => parseLock(nonsense)).toThrow(LockError);
    },
  );

  it('that repeats a server or an item is refused', () => {
    const lock = lockOf(ADVERTISED);
    const twice: Lock = { ...lock, servers: [...lock.servers, ...lock.servers] };
    expect(issuesOf(printLock(twice))[0]).toContain('expected each server once');
    const items = withPinned((pinned) => [...pinned, ...pinned]);
    expect(issuesOf(printLock(items)).join('\n')).toContain('expected each item once');
  });

  it('never repeats a definition in what it says is wrong', () => {
    const canary = 'canary-5f1d';
    const changed = text.replace('Reads one file of the project', canary);
    expect(issuesOf(changed).join('\n')).not.toContain(canary);
  });

  it('of a large lock is checked in time that grows with its length', () => {
    const tools = Array.from({ length: 2_000 }, (_, index) => ({ name: `t${index}`, description: 'd'.repeat(200) }));
    const large = printLock(lockOf({ tools }));
    expect(issuesOf(large.replaceAll('"d', '"e'))).toHaveLength(100);
  });
});
