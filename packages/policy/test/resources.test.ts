import type { JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { compilePolicy, decide, type Effect, type RuleDocument } from '../src/index.ts';

type Resources = NonNullable<NonNullable<RuleDocument['match']>['resources']>;

/** What a call with an open argument comes to under a rule that denies the resources. */
function decideNaming(resources: Resources): (value: JsonValue) => Effect {
  const policy = compilePolicy({
    callgate: 1,
    name: 'resources',
    version: '1',
    servers: { any: { tools: { use: { ring: 1, arguments: 'any' } } } },
    rules: [{ id: 'forbidden', match: { resources }, deny: true }],
  });
  return (value) =>
    decide(policy, {
      server: 'any',
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name: 'use', arguments: { value } },
      principal: { user: 'ada' },
    }).effect;
}

const ZEROS = '0'.repeat(2000);

describe('a rule about a host meets it in every spelling', () => {
  const effectOf = decideNaming({ hosts: ['169.254.169.254', 'db.example.com', '[fd00:ec2::254]'] });

  it.each([
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/latest',
    'http://[::a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://2852039166/',
    `http://${ZEROS}251.0376.0251.0376/`,
    'http://db。example。com/',
    'http://db｡example．com/',
    `http://db${'\uFE0F'.repeat(2000)}.example.com/`,
    'http://db.exa\tmple.com/',
    'http://db.exa\nmple.com/',
    `http://db.example.com:${ZEROS}443/`,
    'db.example.com..',
    'fd00:ec2::254',
    'http://[fd00:ec2:0:0:0:0:0:254]/',
    '[fd00:ec2::254%25eth0]:80',
  ])('%j', (text) => {
    expect(effectOf(text)).toBe('deny');
  });

  it.each(['http://169.254.169.253/', 'http://[::ffff:a9fe:a9fd]/', 'example.com', 'see [1]: fine', 'a: b: c'])(
    'and leaves others alone: %j',
    (text) => {
      expect(effectOf(text)).toBe('allow');
    },
  );
});

describe('a rule about a path meets it in every spelling', () => {
  const effectOf = decideNaming({ paths: ['/etc/passwd', '/srv/my files/**'] });

  it.each([
    'file:///etc/passwd?x=1',
    'file:///etc/passwd#x',
    '/etc/passwd\0.png',
    '/etc/passwd%00',
    '/proc/self/root/proc/self/root/etc/passwd',
    '/proc/self/task/1/root/etc/passwd',
    '/proc/self/root/../etc/passwd',
    'cat "/srv/my files/x"',
    'cat /srv/my\\ files/x',
    'cat /etc/pass""wd',
    'cat /etc/pass\\wd',
    'cat --file="/etc/pass"wd',
    'file:///etc/pas\tswd',
    '{"path":"\\u002fetc\\u002fpasswd"}',
  ])('%j', (text) => {
    expect(effectOf(text)).toBe('deny');
  });

  it.each(['/etc/passwd2', '/srv/my', '/proc/self/status', "it's fine", 'C:\\etc\\hosts'])(
    'and leaves others alone: %j',
    (text) => {
      expect(effectOf(text)).toBe('allow');
    },
  );
});

describe('a rule about a table meets it in every spelling', () => {
  const effectOf = decideNaming({ tables: ['hr.salaries', 'archive.pay.slips'] });

  it.each([
    'users,salaries',
    'users, hr.salaries',
    'salaries;',
    'DESCRIBE salaries',
    'PRAGMA table_info(salaries)',
    'LOCK hr.salaries',
    'select * from pay.slips',
    'select * from hr..salaries',
    'select * from "hr" . "salaries"',
  ])('%j', (text) => {
    expect(effectOf(text)).toBe('deny');
  });

  it.each(['public.salaries', 'select 1 from main.pay.slips', 'I like salaries, you do not', 'users,orders'])(
    'and leaves others alone: %j',
    (text) => {
      expect(effectOf(text)).toBe('allow');
    },
  );
});

describe('a rule about a program meets it in every spelling', () => {
  const effectOf = decideNaming({ programs: ['rm', 'cmd'] });

  it.each([
    'A=1 B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1 rm -rf /',
    'sudo -a -b -c -d -e -f -g -h rm x',
    'C:\\Windows\\System32\\cmd.exe /c x',
    '"C:\\Windows\\System32\\cmd.exe" /c x',
    'cmd/c x',
    'r\\\nm -rf /',
    'r^m x',
    "$'rm' x",
    'rm>x',
    '{rm,-rf,/}',
  ])('%j', (text) => {
    expect(effectOf(text)).toBe('deny');
  });

  it.each(['ls -la', 'rmdir x', 'A=rm ls', 'C:\\rm\\ls.exe'])('and leaves others alone: %j', (text) => {
    expect(effectOf(text)).toBe('allow');
  });
});

describe('a rule about an address meets it in every spelling', () => {
  const effectOf = decideNaming({ addresses: ['*@evil.example', 'boss@corp.example', '*@bücher.example'] });

  it.each([
    'mailto:x@evil.example?subject=a',
    'mail x@evil.example.',
    'x@evil.example!',
    `${'a'.repeat(600)}@evil.example`,
    'mailto:boss@corp.example?cc=a',
    'to=boss@corp.example&x=1',
    'x@evil。example',
    'x@xn--bcher-kva.example',
  ])('%j', (text) => {
    expect(effectOf(text)).toBe('deny');
  });

  it.each(['x@good.example', 'bigboss@corp.example', 'evil.example'])('and leaves others alone: %j', (text) => {
    expect(effectOf(text)).toBe('allow');
  });
});

describe('rules about resources take time in proportion to the text', () => {
  const LENGTH = 20_000;
  const effectOf = decideNaming({
    paths: ['/etc/passwd'],
    hosts: ['db.example.com'],
    tables: ['hr.salaries'],
    programs: ['rm'],
    addresses: ['*@evil.example'],
  });

  // looking again from each character took seconds for these
  it.each([' ', '\n', '.', '. ', '"', "'", '\\', '..../', '[', ']:', '@', ',', '%25'])('%j over and over', (unit) => {
    const started = performance.now();
    expect(effectOf(`${unit.repeat(LENGTH / unit.length)}x`)).toBe('allow');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
