import type { ArgumentKind } from '@callgate/policy';

import { CompiledEmail } from './compiled-email.ts';
import { emailSpecification, type EmailSpecification } from './specification.ts';

/** A bare e-mail address, or several, at permitted domains: `{ kind: email, form: list, domains: [example.com] }`. */
export const emailKind: ArgumentKind<EmailSpecification> = {
  name: 'email',
  summary: 'one or several bare e-mail addresses',
  types: ['string', 'array'],
  specification: emailSpecification,
  compile(specification, report) {
    const { form = 'one', separators = 'none', maxRecipients = 1 } = specification;
    if (form === 'list' && separators !== 'none') {
      report('/separators', '`none`, since `form: list` accepts no text', `\`${separators}\``);
    }
    if (form === 'one' && separators === 'none' && maxRecipients > 1) {
      report('/maxRecipients', '1, since `form: one` without `separators` is one address', String(maxRecipients));
    }
    return new CompiledEmail(specification);
  },
};
