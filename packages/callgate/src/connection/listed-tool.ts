import { isJsonObject, own } from '@callgate/canonical';

import type { InspectedAs } from '../inspection/inspect-inbound.ts';
import type { Link } from './link.ts';

/**
 * What the server listed of a tool, for the inspection of its result.
 *
 * @param member the member of the message that is the result; undefined for the message itself
 */
export function listedTool(link: Link, name: string, member: string | undefined): NonNullable<InspectedAs['tool']> {
  const definition = link.definitions.definitionOf(name);
  const outputSchema = definition === undefined ? undefined : own(definition, 'outputSchema');
  return {
    ...(isJsonObject(outputSchema) ? { outputSchema } : {}),
    ...(member === undefined ? {} : { member }),
  };
}
