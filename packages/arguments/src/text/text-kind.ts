import type { ArgumentKind } from '@callgate/policy';

import { CompiledText } from './compiled-text.ts';
import { textSpecification, type TextSpecification } from './specification.ts';

/**
 * Text that shows all it holds: `{ kind: text, maxLength: 500, lines: 1 }`. Control, invisible and reordering characters are refused
 * except where a script or an emoji needs them.
 */
export const textKind: ArgumentKind<TextSpecification> = {
  name: 'text',
  summary: 'text that shows all it holds',
  types: ['string'],
  specification: textSpecification,
  compile(specification, report) {
    const compiled = new CompiledText(specification);
    if (compiled.minLength > compiled.maxLength) {
      report('/minLength', `at most \`maxLength\` (${compiled.maxLength})`, String(compiled.minLength));
    }
    return compiled;
  },
};
