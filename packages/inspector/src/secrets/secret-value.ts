import { entropyOf } from './entropy.ts';
import type { NameStrength } from './key-name.ts';
import { isStandIn } from './stand-in.ts';

/** Expressions of programs, paths, addresses, versions, dates and the like: values, and no secrets. */
const EXPRESSION =
  /^(?:[\w$]+(?:\??\.[\w$]+)*\(|[A-Za-z_$]\w{0,30}(?:\??\.[A-Za-z_$]\w{0,30})+(?:$|[[(!?])|[a-z]\w*\[|!|&|\*|new |await |async |function|os\.|env\.|this\.|self\.|config\.|settings\.|[A-Z][A-Z0-9_]{2,}$|[A-Z]\w+\.\w+|https?:\/\/|(?:\.{0,2}|~)\/[\w./-]*$|[A-Za-z]:\\|file:|ref:|vault:|secret:|ssm:|arn:|op:\/\/|\d+(?:\.\d+)*$|\d{4}-\d\d-\d\d)/u;

/** Words that stand where a value is not given, and those that name a kind of value. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'true false null none nil undefined string number boolean object array any unknown void required optional hidden default ' +
    'password passwd secret token key apikey api_key username user admin root test empty value text integer int bool bytes char ' +
    'bearer basic oauth oauth2 jwt digest prompt input stdin file env environment literal str optional required yes no on off'
  ).split(' '),
);

const WORDS_ONLY = /^[\p{L}]+(?:[-_. /][\p{L}]+)*$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;
const OPAQUE = /^[A-Za-z0-9+/=_.~:|@%-]+$/u;
const HEX = /^[0-9a-f]+$/iu;
/** Words in lower or camel case, joined: the name of a thing. */
const IDENTIFIER =
  /^[a-z]+\d{0,2}(?:[-_.:/][a-z]+\d{0,3})*$|^[a-z]{2,}(?:[A-Z][a-z]+)+\d{0,2}$|^[A-Z]+(?:_[A-Z0-9]+)*$/u;

/** The fewest code units of a secret, by what its name says. */
const LEAST: Readonly<Record<Exclude<NameStrength, 'none'>, number>> = { password: 6, secret: 12, token: 16 };

/** Whether a value is a secret, given how much its name says so. It is none when it stands for one, or is an expression of code. */
export function isSecretValue(value: string, strength: NameStrength, isQuoted: boolean, name: string): boolean {
  if (strength === 'none' || value.length < LEAST[strength]) return false;
  if (isStandIn(value) || EXPRESSION.test(value)) return false;
  if (!isQuoted && /^[$:@&*]/u.test(value)) return false;
  // A name of the same kind is no value: `password = AdminPassword`.
  if (/^[A-Za-z_]\w{0,64}(?:password|passwd|secret|token|key)$/iu.test(value)) return false;
  const lower = value.toLowerCase();
  if (WORDS.has(lower) || lower === name.toLowerCase()) return false;
  if (strength === 'password') return isPassword(value, isQuoted);
  return (
    isOpaque(value, strength) ||
    (strength === 'secret' && isQuoted && isPassword(value, true) && /\d/u.test(value) && sortsOf(value) >= 3)
  );
}

/** People choose passwords: at least eight characters of two sorts, or six of three. */
function isPassword(value: string, isQuoted: boolean): boolean {
  if (value.length > 128 || /\s/u.test(value)) return false;
  if (WORDS_ONLY.test(value) || (!isQuoted && /[(){}[\]]/u.test(value))) return false;
  const sorts = sortsOf(value);
  if (IDENTIFIER.test(value) && !/\d/u.test(value)) return false;
  return value.length < 8 ? sorts >= 3 : sorts >= 2 && entropyOf(value) >= 2.2;
}

function sortsOf(value: string): number {
  return [/[a-z]/u, /[A-Z]/u, /\d/u, /[^A-Za-z0-9]/u].filter((sort) => sort.test(value)).length;
}

/** What programs make is long, has no spaces, and mixes letters and digits evenly. */
function isOpaque(value: string, strength: NameStrength): boolean {
  if (value.length > 512 || !OPAQUE.test(value)) return false;
  if (UUID.test(value)) return strength === 'secret' || strength === 'token';
  if (IDENTIFIER.test(value) || WORDS_ONLY.test(value)) return false;
  const digits = value.replaceAll(/\D/gu, '').length;
  if (digits === 0 || digits === value.length) return false;
  const entropy = entropyOf(value);
  if (HEX.test(value)) return value.length >= 16 && entropy >= 2.8;
  // Words with a number: `my-service-v2`, `us-east-1`.
  if (/^[a-z]+(?:[-_.:/][a-z0-9]+)*$/u.test(value) && digits <= 4) return false;
  return entropy >= (value.length < 24 ? 3.2 : 3.5);
}
