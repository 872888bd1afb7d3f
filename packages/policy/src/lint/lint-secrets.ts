import { appendPointer, type JsonValue } from '@callgate/canonical';

import type { PolicyDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';
import { secretIn } from './secret-text.ts';

/** Looks for credentials in every text of a policy, and in the arguments of commands. */
export function lintSecrets(document: PolicyDocument, findings: Findings): void {
  lintValue(document as unknown as JsonValue, '', findings);
}

function lintValue(value: JsonValue, pointer: string, findings: Findings): void {
  if (typeof value === 'string') {
    report(secretIn(value), pointer, findings);
  } else if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    for (const [index, item] of items.entries()) {
      const option = items[index - 1];
      const isGiven = typeof item === 'string' && typeof option === 'string' && secretIn(item) === undefined;
      // `--token abc…`: what the option names, the next argument holds
      if (isGiven && /^--?[A-Za-z]/u.test(option))
        report(secretIn(`${option.replace(/^-+/u, '')}=${item}`), `${pointer}/${index}`, findings);
      else lintValue(item, `${pointer}/${index}`, findings);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) lintValue(item, appendPointer(pointer, key), findings);
  }
}

function report(secret: string | undefined, pointer: string, findings: Findings): void {
  if (secret === undefined) return;
  const message = `the text holds what looks like ${secret}`;
  findings.add('secret-in-policy', pointer, message, 'revoke it, and pass it to the server through its environment');
}
