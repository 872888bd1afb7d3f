import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ElicitationDocument, Permission } from '../document/types.ts';
import { parseUrl } from '../internal/url.ts';
import { looksLikeSecret } from './secret-fields.ts';

/** What a server may ask of the user, normalised. */
export interface Elicitation {
  readonly form: Permission;
  readonly url: Permission;
  /** Undefined: any host. */
  readonly hosts: readonly string[] | undefined;
  readonly secrets: 'deny' | 'allow';
}

/** `allow` and `hold` alone cover forms without secrets, and https pages on any host. */
export function normalizeElicitation(document: ElicitationDocument | undefined): Elicitation {
  if (document === undefined || typeof document === 'string') {
    const permission = document ?? 'deny';
    return { form: permission, url: permission, hosts: undefined, secrets: 'deny' };
  }
  const url = document.url ?? 'deny';
  return {
    form: document.form ?? 'deny',
    url: url === 'deny' ? 'deny' : url.then,
    hosts: url === 'deny' ? [] : url.hosts.flatMap((host) => normalizeHost(host) ?? []),
    secrets: document.secrets ?? 'deny',
  };
}

/** A listed host as URLs spell it, a suffix with its leading dot; undefined where it is no host. */
export function normalizeHost(host: string): string | undefined {
  const isSuffix = host.startsWith('.');
  const name = isSuffix ? host.slice(1) : host;
  const url = /[/\\?#@\s]/u.test(name) ? undefined : parseUrl(`https://${name}/`);
  if (url === undefined || url.host === '') return undefined;
  return isSuffix ? `.${url.host}` : url.host;
}

/** What is wrong with one elicitation request; undefined where it may go ahead as `permission` says. */
export interface ElicitationVerdict {
  readonly permission: Permission;
  readonly problem?: {
    readonly code: string;
    readonly pointer: string;
    readonly expected: string;
    readonly got: string;
  };
}

/** Judges the params of `elicitation/create`. An unknown mode is denied. */
export function judgeElicitation(elicitation: Elicitation, params: JsonObject): ElicitationVerdict {
  const mode = own(params, 'mode') ?? 'form';
  if (mode === 'form') return judgeForm(elicitation, params);
  if (mode === 'url') return judgeUrl(elicitation, own(params, 'url'));
  return refused('elicitation.mode', '/mode', '`form` or `url`', 'another mode');
}

function judgeForm(elicitation: Elicitation, params: JsonObject): ElicitationVerdict {
  if (elicitation.form === 'deny') return { permission: 'deny' };
  if (elicitation.secrets === 'allow') return { permission: elicitation.form };
  const schema = own(params, 'requestedSchema');
  if (!isJsonObject(schema))
    return refused('elicitation.schema', '/requestedSchema', 'a schema of the form’s fields', 'none');
  if (looksLikeSecret(schema)) {
    return refused(
      'elicitation.secret',
      '/requestedSchema',
      'a form without secrets',
      'a field that looks like a secret',
    );
  }
  return { permission: elicitation.form };
}

function judgeUrl(elicitation: Elicitation, value: JsonValue | undefined): ElicitationVerdict {
  if (elicitation.url === 'deny') return { permission: 'deny' };
  const refuse = (got: string): ElicitationVerdict =>
    refused('elicitation.url', '/url', 'an https URL without credentials, on a permitted host', got);
  if (typeof value !== 'string' || value.length > 8192 || /[\s\\]/u.test(value)) return refuse('something else');
  const url = parseUrl(value);
  if (url === undefined || url.protocol !== 'https:') return refuse('a URL that is not https');
  if (url.username !== '' || url.password !== '') return refuse('a URL with credentials');
  return isPermittedHost(url.hostname, url.host, elicitation.hosts)
    ? { permission: elicitation.url }
    : refuse('another host');
}

/** Look-alike hosts (international names, which appear as `xn--` labels) pass only where the policy lists them exactly. */
function isPermittedHost(hostname: string, host: string, hosts: readonly string[] | undefined): boolean {
  const name = hostname.replace(/\.$/u, '');
  if (hosts?.includes(name) === true || hosts?.includes(host) === true) return true;
  if (name.split('.').some((label) => label.startsWith('xn--'))) return false;
  return (
    hosts === undefined ||
    hosts.some((suffix) => suffix.startsWith('.') && name.endsWith(suffix) && name.length > suffix.length)
  );
}

function refused(code: string, pointer: string, expected: string, got: string): ElicitationVerdict {
  return { permission: 'deny', problem: { code, pointer, expected, got } };
}
