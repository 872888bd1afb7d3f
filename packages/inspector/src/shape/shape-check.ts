import { checkResult } from '../inspect/check-result.ts';
import type { ValueCheck } from '../inspect/rules.ts';
import { checkKinds, checkMimeTypes, mimeTypeTest } from './content-kinds.ts';
import { checkOutput } from './output-schema.ts';
import { limitRows, type RowLimit } from './row-limit.ts';

/** What shape the results of a tool may have. */
export interface ShapeRules {
  /** Whether structured content must fit the tool's own output schema, where it is known. */
  readonly matchesManifest: boolean;
  /** Kinds of content, by the names of MCP, and `structured`; default: all. */
  readonly content?: readonly string[];
  /** MIME types of pictures, sound and resources, with `*` for any run; default: all. */
  readonly mimeTypes?: readonly string[];
  /** Bounds of arrays, in order; default: none. */
  readonly rows?: readonly RowLimit[];
}

/**
 * Checks the shape of tools' results: kinds of content, MIME types, the tool's output schema, rows. Other messages pass.
 *
 * @throws {Error} for a pointer that is none
 */
export function createShapeCheck({ matchesManifest, content, mimeTypes, rows = [] }: ShapeRules): ValueCheck {
  const kinds = content === undefined ? undefined : new Set(content);
  const isAccepted = mimeTypes === undefined ? undefined : mimeTypeTest(mimeTypes);
  return Object.freeze({
    kind: 'shape',
    check: (message, context, report) =>
      checkResult(message, context, report, (result, tell) => {
        const schema = context.tool?.outputSchema;
        if (kinds !== undefined) checkKinds(result, kinds, tell);
        if (isAccepted !== undefined) checkMimeTypes(result, isAccepted, tell);
        if (matchesManifest && schema !== undefined) checkOutput(result, schema, tell);
        return rows.reduce((left, limit) => limitRows(left, limit, tell), result);
      }),
  } satisfies ValueCheck);
}
