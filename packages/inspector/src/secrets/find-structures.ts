import type { Fuel } from '../fuel.ts';
import { decodeBase64 } from '../view/decode-run.ts';
import { entropyOf } from './entropy.ts';
import type { OnSecret } from './secret-match.ts';
import { isExample, isStandIn } from './stand-in.ts';

/** Finds a structure at a keyword. */
export type FindStructure = (text: string, start: number, report: OnSecret, fuel: Fuel) => void;

/** Something that is recognised by how it is built, and by which keywords. */
export interface Structure {
  readonly id: string;
  readonly title: string;
  readonly keywords: readonly string[];
  readonly source: 'rfc-7519' | 'rfc-7468' | 'rfc-3986' | 'rfc-9110' | 'gitleaks';
  readonly find: FindStructure;
}

const JWT =
  /ey[IJ][A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,16384}(?:\.(?:[A-Za-z0-9_-]{8,4096}(?:\.[A-Za-z0-9_-]{2,4096}){0,2})?)?/uy;

function findJwt(text: string, start: number, report: OnSecret, fuel: Fuel): void {
  if (/[A-Za-z0-9]/u.test(text.charAt(start - 1)) && text.charAt(start - 2) !== '\\') return;
  JWT.lastIndex = start;
  const found = JWT.exec(text)?.[0];
  fuel.spend(16 + (found?.length ?? 0) * 2);
  if (found === undefined) return;
  const [head = '', payload = ''] = found.split('.', 2);
  const header = decodeBase64(head);
  // What was cut or changed by hand still begins as one: both parts are objects in base64.
  if (!/"(?:alg|enc|typ|kid)"/u.test(header ?? '') && !payload.startsWith('eyJ')) return;
  report({
    rule: 'secrets.jwt',
    severity: 'high',
    start,
    end: start + found.length,
    reason: 'JSON Web Token whose header decodes',
  });
}

/** Longest private key that is masked as one: RSA with 16,384 bits takes some 13,000. */
const MAX_KEY = 20_000;
const KEY_HEAD = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/uy;
/** Base64, and how lines are joined: escapes, quotes, `+`, margins of comments and lists, and headers. */
const KEY_BODY = /(?:[A-Za-z0-9+/=\s\\"',|>#*-]|[A-Za-z-]{3,16}: [^\n\\]{0,80})*/uy;
const KEY_TAIL = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/u;
const LEAST_BODY = 32;

function findPrivateKey(text: string, at: number, report: OnSecret, fuel: Fuel): void {
  const start = text.lastIndexOf('-', at - 1) - 4;
  for (const from of [start - 1, start, start + 1]) {
    if (from < 0 && from !== -1) continue;
    KEY_HEAD.lastIndex = Math.max(0, from);
    const head = KEY_HEAD.exec(text)?.[0];
    fuel.spend(4 + (head?.length ?? 0));
    if (head === undefined) continue;
    reportKey(text, Math.max(0, from), head, report, fuel);
    return;
  }
}

function reportKey(text: string, start: number, head: string, report: OnSecret, fuel: Fuel): void {
  const bodyStart = start + head.length;
  const next = text.slice(bodyStart, bodyStart + MAX_KEY).indexOf('-BEGIN ');
  const window = text.slice(bodyStart, bodyStart + (next === -1 ? MAX_KEY : next));
  const tail = KEY_TAIL.exec(window);
  fuel.spend(256 + (tail?.index ?? window.length));
  const length = tail === null ? bodyLength(window) : tail.index + tail[0].length;
  const body = window.slice(0, tail?.index ?? length);
  fuel.spend(body.length);
  const digits = body.replaceAll(/\\[nr]|[^A-Za-z0-9+/]/gu, '');
  if (digits.length < LEAST_BODY || entropyOf(digits) < 3) return;
  report({
    rule: 'secrets.private-key',
    severity: 'critical',
    start,
    end: bodyStart + length,
    reason: 'private key in its frame',
  });
}

function bodyLength(window: string): number {
  KEY_BODY.lastIndex = 0;
  return KEY_BODY.exec(window)?.[0].trimEnd().length ?? 0;
}

const CREDENTIALS =
  /[a-z0-9]{0,16}:\/\/(?<user>[^\s/?#"'<>@:[\]{}()|\\,]{0,128}):(?<password>[^\s/"'<>@]{1,256}|[^\s"'<>@]{1,256})@(?=[A-Za-z0-9.[$_{-])/uy;

/** From scheme to at sign, at most. */
const MAX_CREDENTIALS = 400;

function findUrlCredentials(text: string, at: number, report: OnSecret, fuel: Fuel): void {
  // Most URLs have no at sign, or it stands in the path of another.
  const reach = text.slice(at, at + MAX_CREDENTIALS);
  fuel.spend(8);
  if (!reach.includes('@')) return;
  CREDENTIALS.lastIndex = at;
  const found = CREDENTIALS.exec(text);
  fuel.spend(64 + (found?.[0].length ?? 0));
  const password = found?.groups?.['password'];
  if (found === null || password === undefined || password.includes('//')) return;
  if (
    password.length < 3 ||
    isExample(password) ||
    /^(?:pass(?:word|wd)?|pwd|secret|token|[\w.]*password|user(?:name)?|\*+|x+|\$\w+)$/iu.test(password)
  )
    return;
  const end = at + found[0].length - 1;
  report({
    rule: 'secrets.url-password',
    severity: 'high',
    start: end - password.length,
    end,
    reason: 'password in a URL or connection string',
  });
}

const SCHEME =
  /(?:bearer|basic|token|apikey|api-key|ssws|digest|negotiate)[ \t]{1,4}(?<credential>[A-Za-z0-9._~+/=@:-]{8,4096})/iuy;

function findAuthorization(text: string, at: number, report: OnSecret, fuel: Fuel): void {
  SCHEME.lastIndex = at;
  const found = SCHEME.exec(text);
  const credential = found?.groups?.['credential'];
  fuel.spend(16 + (found?.[0].length ?? 0) * 4);
  if (found === null || credential === undefined) return;
  const isBasic = /^basic/iu.test(found[0]);
  if (!(isBasic ? isBasicCredential(credential) : isBearerCredential(credential))) return;
  const end = at + found[0].length;
  report({
    rule: isBasic ? 'secrets.basic-authorization' : 'secrets.bearer-token',
    severity: 'high',
    start: end - credential.length,
    end,
    reason: 'credential of an Authorization header',
  });
}

function isBasicCredential(credential: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,4096}={0,2}$/u.test(credential)) return false;
  const decoded = decodeBase64(credential);
  if (decoded === undefined) return credential.length >= 24 && isBearerCredential(credential);
  const colon = decoded.indexOf(':');
  return colon !== -1 && colon < decoded.length - 1 && !isStandIn(decoded.slice(colon + 1));
}

function isBearerCredential(credential: string): boolean {
  return (
    credential.length >= 12 &&
    !credential.includes('://') &&
    /\d/u.test(credential) &&
    /[A-Za-z]/u.test(credential) &&
    entropyOf(credential) >= 3 &&
    !isStandIn(credential)
  );
}

const USER_OPTION =
  /[ \t](?:-u|--user)[= \t]{0,4}(?<credential>"[^"\n]{3,160}"(?::"[^"\n]{3,128}")?|'[^'\n]{3,160}'(?::'[^'\n]{3,128}')?|[^\s"']{3,160}(?:"[^"\n]{3,128}"|'[^'\n]{3,128}')?)/uy;

function findUserOption(text: string, at: number, report: OnSecret, fuel: Fuel): void {
  USER_OPTION.lastIndex = at;
  const found = USER_OPTION.exec(text);
  const credential = found?.groups?.['credential'];
  fuel.spend(4 + (found?.[0].length ?? 0));
  if (found === null || credential === undefined) return;
  fuel.spend(128);
  if (!text.slice(Math.max(0, at - 512), at).includes('curl')) return;
  const secret = secretOfUser(credential);
  if (secret === undefined) return;
  const start = at + found[0].lastIndexOf(secret);
  report({
    rule: 'secrets.curl-password',
    severity: 'high',
    start,
    end: start + secret.length,
    reason: 'password of a user in a command',
  });
}

/** The password of `user:password`, or the user where that is all and opaque: services take a key as either. */
function secretOfUser(credential: string): string | undefined {
  const colon = credential.indexOf(':');
  if (colon === -1) return undefined;
  const user = unquoted(credential.slice(0, colon));
  const password = unquoted(credential.slice(colon + 1));
  const secret = password === '' ? user : password;
  if (secret.length < 3 || isExample(secret)) return undefined;
  if (/^(?:pass(?:word|wd)?|pwd|token|secret|test|change(?:it|me)|pass(?:word)?>)$|^\$|^\[|^\{?\{/iu.test(secret))
    return undefined;
  return password === '' && !/\d/u.test(secret) ? undefined : secret;
}

function unquoted(part: string): string {
  return part.replaceAll(/^["']{1,2}|["']{1,2}$/gu, '');
}

const PUTTY = /private-lines: [0-9]{1,4}(?:\r?\n|\\n)(?:[A-Za-z0-9+/=]|\r?\n|\\n){32,16384}/iuy;

function findPuttyKey(text: string, start: number, report: OnSecret, fuel: Fuel): void {
  PUTTY.lastIndex = start;
  const found = PUTTY.exec(text)?.[0];
  fuel.spend(4 + (found?.length ?? 0));
  if (found === undefined) return;
  report({
    rule: 'secrets.putty-key',
    severity: 'critical',
    start,
    end: start + found.length,
    reason: 'PuTTY private key',
  });
}

const KUBERNETES_WINDOW = 2048;
const DATA = /^(?<margin>[ \t]*)(?:data|stringData):[ \t]*\r?$/mu;
const ENTRY =
  /^[ \t]+['"]?[\w.-]{1,64}['"]?:[ \t]*(?:[|>][-+]?[ \t]*\r?\n[ \t]+)?['"]?(?<value>[^\s'"#][^\s'"]{5,2048})['"]?[ \t]*\r?$/gmu;

/** Values of a Kubernetes secret in YAML. */
function findKubernetesSecret(text: string, at: number, report: OnSecret, fuel: Fuel): void {
  const from = Math.max(0, at - KUBERNETES_WINDOW);
  const begin = from + Math.max(0, text.slice(from, at).lastIndexOf('\n---'));
  const rest = text.slice(begin, at + KUBERNETES_WINDOW);
  const separator = rest.indexOf('\n---', at - begin);
  const document = separator === -1 ? rest : rest.slice(0, separator);
  fuel.spend(Math.ceil(document.length / 4));
  const data = DATA.exec(document);
  if (data === null) return;
  const bodyStart = data.index + data[0].length;
  const next = /^\S/mu.exec(document.slice(bodyStart));
  const body = document.slice(bodyStart, next === null ? document.length : bodyStart + next.index);
  fuel.spend(body.length);
  for (const match of body.matchAll(ENTRY)) {
    const value = match.groups?.['value'] ?? '';
    if (isExample(value)) continue;
    const start = begin + bodyStart + match.index + match[0].indexOf(value, match[0].indexOf(':'));
    report({
      rule: 'secrets.kubernetes-secret',
      severity: 'high',
      start,
      end: start + value.length,
      reason: 'value of a Kubernetes secret',
    });
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('');

/** What is recognised by how it is built. */
export const STRUCTURES: readonly Structure[] = [
  {
    id: 'jwt',
    title: 'JSON Web Token',
    keywords: ['eyjh', 'eyj0', 'eyjr', 'eyjl', 'eyjj', 'eyj4', 'eyj6', 'eyjw', 'eyai', 'eyjz'],
    source: 'rfc-7519',
    find: findJwt,
  },
  {
    id: 'private-key',
    title: 'Private key in its frame',
    keywords: ['private key'],
    source: 'rfc-7468',
    find: findPrivateKey,
  },
  { id: 'putty-key', title: 'PuTTY private key', keywords: ['private-lines:'], source: 'gitleaks', find: findPuttyKey },
  {
    id: 'url-password',
    title: 'Password in a URL or connection string',
    keywords: letters.map((letter) => `${letter}://`),
    source: 'rfc-3986',
    find: (text, at, report, fuel) => {
      findUrlCredentials(text, at, report, fuel);
    },
  },
  {
    id: 'bearer-token',
    title: 'Credential of an Authorization header',
    keywords: ['bearer ', 'token ', 'apikey ', 'api-key ', 'ssws '],
    source: 'rfc-9110',
    find: findAuthorization,
  },
  {
    id: 'basic-authorization',
    title: 'User and password of an Authorization header',
    keywords: ['basic '],
    source: 'rfc-9110',
    find: findAuthorization,
  },
  {
    id: 'curl-password',
    title: 'Password of a user in a command',
    keywords: [' -u ', ' -u"', " -u'", ' --user'],
    source: 'gitleaks',
    find: findUserOption,
  },
  {
    id: 'kubernetes-secret',
    title: 'Value of a Kubernetes secret in YAML',
    keywords: ['kind: secret', 'kind: "secret"', "kind: 'secret'"],
    source: 'gitleaks',
    find: findKubernetesSecret,
  },
];
