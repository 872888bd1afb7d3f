import { digestJson, type Digest, type JsonValue } from '@callgate/canonical';
import type { Decision } from '@callgate/policy';

/**
 * The digest of everything a decision says but places in files: the same policy may lie elsewhere when a call is decided
 * again.
 */
export function digestDecision(decision: Decision): Digest {
  const { determining, violations, errors, observed, ...rest } = decision;
  const placeless = {
    ...rest,
    determining: determining.map(withoutPlace),
    violations: violations.map(withoutPlace),
    errors: errors.map(withoutPlace),
    ...(observed === undefined ? {} : { observed: observed.map(withoutPlace) }),
  };
  // INVARIANT: decisions are plain data (policy's decide.props.test.ts).
  return digestJson(placeless as unknown as JsonValue);
}

function withoutPlace<Item extends { readonly location?: unknown }>(item: Item): Omit<Item, 'location'> {
  const { location: _, ...rest } = item;
  return rest;
}
