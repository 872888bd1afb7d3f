import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment, KindProblem, NamedResource } from '@callgate/policy';

import { HostList } from '../addresses/host-list.ts';
import { isInternational } from '../addresses/host-name.ts';
import { listed } from '../internal/listed.ts';
import { proveWithin } from '../internal/prove-within.ts';
import { emailProblem, type EmailProblem } from './problems.ts';
import { readAddress, type EmailAddress } from './read-address.ts';
import { repairEmail } from './repair-email.ts';
import { probeEmails, sampleEmails } from './sample-emails.ts';
import { DEFAULT_MAX_RECIPIENTS, type EmailSpecification } from './specification.ts';
import { splitRecipients, type RecipientShape } from './split-recipients.ts';

const MAX_PROBLEMS = 16;

/** An `email` specification, ready to judge. */
export class CompiledEmail implements CompiledKind {
  readonly kind = 'email';
  readonly expected: string;
  readonly shape: RecipientShape;
  readonly domains: HostList | undefined;
  readonly allowsPlus: boolean;
  readonly #where: string;
  #samples: readonly JsonValue[] | undefined;
  #probes: readonly JsonValue[] | undefined;

  constructor({ form = 'one', separators = 'none', domains, maxRecipients, plus }: EmailSpecification) {
    const isOne = form === 'one' && separators === 'none';
    this.shape = {
      acceptsText: form !== 'list',
      acceptsList: form !== 'one',
      separator: ({ none: undefined, comma: ',', semicolon: ';' } as const)[separators],
      maxRecipients: isOne ? 1 : (maxRecipients ?? DEFAULT_MAX_RECIPIENTS),
    };
    this.domains = domains === undefined ? undefined : new HostList(domains);
    this.allowsPlus = plus !== 'deny';
    this.#where = domains === undefined ? '' : ` at ${listed(domains)}`;
    this.expected = isOne
      ? `one e-mail address${this.#where}`
      : `${form === 'list' ? 'a list of ' : ''}at most ${this.shape.maxRecipients} e-mail addresses${this.#where}`;
  }

  check(value: JsonValue): readonly KindProblem[] {
    const recipients = splitRecipients(value, this.shape);
    if (!isList(recipients)) return [emailProblem(recipients)];
    const problems: KindProblem[] = [];
    for (const { text, pointer } of recipients) {
      const address = this.#read(text);
      if ('code' in address) problems.push(emailProblem(address, pointer));
      if (problems.length === MAX_PROBLEMS) break;
    }
    return problems;
  }

  canonical(value: JsonValue): JsonValue | undefined {
    const addresses = this.#addresses(value);
    if (addresses === undefined) return undefined;
    const texts = [...new Set(addresses.map(({ local, domain }) => `${local}@${domain}`))].toSorted(byCodeUnits);
    return this.shape.acceptsList ? texts : texts.join(`${this.shape.separator ?? ''} `);
  }

  resources(value: JsonValue): readonly NamedResource[] {
    const names = (this.#addresses(value) ?? []).map(({ local, domain }) => `${local.toLowerCase()}@${domain}`);
    return [...new Set(names)].map((name) => ({ type: 'address', name }));
  }

  isWithin(other: CompiledKind): Containment {
    return proveWithin(this, other, other instanceof CompiledEmail && isEmailWithin(this, other));
  }

  samples(): readonly JsonValue[] {
    this.#samples ??= sampleEmails(this)
      .filter((value) => this.check(value).length === 0)
      .slice(0, 64);
    return this.#samples;
  }

  probes(): readonly JsonValue[] {
    this.#probes ??= probeEmails(this);
    return this.#probes;
  }

  repair(value: JsonValue | undefined): readonly JsonValue[] {
    return repairEmail(value, this);
  }

  #addresses(value: JsonValue): readonly EmailAddress[] | undefined {
    const recipients = splitRecipients(value, this.shape);
    if (!isList(recipients)) return undefined;
    const addresses: EmailAddress[] = [];
    for (const { text } of recipients) {
      const address = this.#read(text);
      if ('code' in address) return undefined;
      addresses.push(address);
    }
    return addresses;
  }

  #read(text: string): EmailAddress | EmailProblem {
    const address = readAddress(text);
    if ('code' in address) return address;
    if (!this.allowsPlus && address.local.includes('+')) {
      const expected = 'an address without `+`';
      return { code: 'email.plus', expected, got: 'one with it', hint: 'remove what follows the `+` before the `@`' };
    }
    if (this.domains === undefined ? !isInternational(address.domain) : this.domains.has(address.domain))
      return address;
    return this.domains === undefined
      ? { code: 'email.international', expected: 'a domain without `xn--`', got: 'an international one' }
      : {
          code: 'email.domain',
          expected: `an address${this.#where}`,
          got: 'another domain',
          hint: `use an address${this.#where}`,
        };
  }
}

/** Whether the two specifications prove, dimension by dimension, that every value of `inner` passes `outer`. */
function isEmailWithin(inner: CompiledEmail, outer: CompiledEmail): boolean {
  const [mine, theirs] = [inner.shape, outer.shape];
  const isTextWithin =
    !mine.acceptsText ||
    (theirs.acceptsText &&
      (mine.separator === undefined || mine.separator === theirs.separator || mine.maxRecipients === 1));
  const domains = inner.domains?.entries;
  return (
    isTextWithin &&
    (!mine.acceptsList || theirs.acceptsList) &&
    mine.maxRecipients <= theirs.maxRecipients &&
    (outer.allowsPlus || !inner.allowsPlus) &&
    (outer.domains === undefined
      ? domains?.some(isInternational) !== true
      : domains?.every((entry) => outer.domains?.covers(entry)) === true)
  );
}

function isList<Item>(value: readonly Item[] | EmailProblem): value is readonly Item[] {
  return Array.isArray(value);
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
