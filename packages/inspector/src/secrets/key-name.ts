import { SERVICES } from './formats/services.ts';
import type { ServiceFormat } from './token-format.ts';

/** How much a name says that its value is a secret. */
export type NameStrength = 'password' | 'secret' | 'token' | 'none';

/** What the name of a member, a variable or an option says of its value. */
export interface KeyName {
  readonly strength: NameStrength;
  /** Services that are named in it. */
  readonly services: readonly ServiceFormat[];
}

/** Names of what people type. */
const PASSWORD =
  /passw(?:or)?d|passphrase|passcode|pass_?phrase|contrase[nñ]a|mot_?de_?passe|passwort|(?<![a-z])(?:pwd|pass|db_?pass)(?![a-z])|[a-z]_pass$|[a-z]Pass$|[a-z]pwd$/iu;
/** Names of what programs make. */
const SECRET =
  /secret|private[-_ ]?key|(?:api|access|account|auth|encryption|signing|master|service|storage|license|app|application|client|admin|root|deploy|shared|session)[-_ ]?key|credential|(?<![a-z])creds(?![a-z])|connection[-_ ]?string/iu;
const TOKEN = /token|(?<![a-z])(?:auth|bearer|jwt|sig|signature|authorization|x-?api)(?![a-z])|_key$|-key$|[a-z]Key$/iu;
/** Names that only begin like a secret's, or that stand beside one. */
const OTHER =
  /(?:public|pub|primary|foreign|partition|sort|cache|hash|row|idempotency|composite|natural|lookup|object|s3|bucket|map|group|index|search|translation|i18n)[-_ ]?(?:key|token)|(?:next|prev|previous|page|pagination|continuation|cursor|sync|csrf|xsrf|resume|change|progress|delta|skip|cancellation|cancel)[-_ ]?(?:page)?[-_ ]?token|(?:encrypted|hashed|salted)[-_ ]?(?:password|passwd|pwd|pass)|(?:token|key|secret|password|passwd|credential|auth)s?[-_ .]?(?:id|ids|name|names|type|types|count|counts|limit|limits|usage|length|size|sizes|path|file|url|uri|endpoint|host|policy|hint|prompt|field|label|ref|reference|version|expiry|expires|expiration|expires_at|ttl|algorithm|alg|kind|format|prefix|status|state|arn|provider|source|store|ring|chain|code|event|down|up|press|frame|izer|ized|ization|ize|manager|rotation|reset|strength|updated|changed|created|created_at|last|method|enabled|required|days|age|min|max|hash|digest|fingerprint|usage|issuer|mode|vault|mgmt|management|budget|cost|price|address|symbol|contract|mint|decimals)(?![a-z])|key[-_ ]?(?:word|board)|(?<![a-z])(?:max|min|total|prompt|completion|input|output|reasoning|num|n|count|stop|eos|bos|pad|special|cached)[-_ ]?(?:[a-z]+[-_ ])?tokens?|passenger|passport|password_?less|monkey|turkey|keyboard|secretary|tokeni[sz]/iu;

/** Names longer than this are sentences. */
const MAX_NAME = 80;
/** How many names are remembered: servers repeat a few, in every row. */
const MAX_REMEMBERED = 512;

const NOTHING: KeyName = { strength: 'none', services: [] };
const remembered = new Map<string, KeyName>();

/** Judges a name. It remembers the last few, which changes nothing but the time. */
export function keyNameOf(name: string): KeyName {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (name.length > MAX_NAME) return NOTHING;
  const judged = judge(name);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(name, judged);
  return judged;
}

function judge(name: string): KeyName {
  const lower = name.toLowerCase();
  const services = SERVICES.filter(({ names }) => names.some((own) => isNamed(name, lower, own)));
  const strength = strengthOf(name);
  return strength === 'none' && services.length === 0 ? NOTHING : { strength, services };
}

/** Whether a service is named as a word of its own: `OKTA_KEY` and `myOktaKey`, but not `brokta`. */
function isNamed(name: string, lower: string, own: string): boolean {
  const at = lower.indexOf(own);
  if (at === -1) return false;
  const first = name.charAt(at);
  if (/[a-z]/iu.test(name.charAt(at - 1)) && first === first.toLowerCase()) return false;
  return own.length > 4 || !/[a-z][A-Z]/u.test(name.slice(at, at + own.length));
}

function strengthOf(name: string): NameStrength {
  if (OTHER.test(name)) return 'none';
  if (PASSWORD.test(name)) return 'password';
  if (SECRET.test(name)) return 'secret';
  return TOKEN.test(name) ? 'token' : 'none';
}

/** Keywords of names that say secret, and of services. */
export const NAME_KEYWORDS: readonly string[] = [
  ...new Set([
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'contraseña',
    'mot_de_passe',
    'passwort',
    '_pass',
    'pass:',
    'pass=',
    'pwd=',
    'pwd:',
    'pwd"',
    '_pwd',
    'secret',
    'private_key',
    'privatekey',
    'private-key',
    'api_key',
    'apikey',
    'api-key',
    'api key',
    'access_key',
    'accesskey',
    'access-key',
    'account_key',
    'encryption_key',
    'encryptionkey',
    'signing_key',
    'signingkey',
    'master_key',
    'masterkey',
    'license_key',
    'licensekey',
    'auth_key',
    'authkey',
    'service_key',
    'credential',
    'creds',
    'token',
    'authorization',
    'auth:',
    'auth=',
    '_auth',
    '_key',
    'key=',
    'key:',
    'key"',
    "key'",
    ...SERVICES.flatMap(({ names }) => names),
  ]),
];
