/** What is done about a secret in what is sent to a server, from nothing to everything. */
export const OUTGOING_CHOICES = ['pass', 'observe', 'hold', 'deny'] as const;

/**
 * What is done about a secret in what is sent to a server: it is not looked for, the message goes on and its record says so, it needs an
 * approval, or it is denied.
 */
export type OutgoingChoice = (typeof OUTGOING_CHOICES)[number];

/** How what is sent to a server is inspected. Every key is set. */
export interface OutgoingRules {
  readonly secrets: OutgoingChoice;
}

/** What is done where policy says nothing: no call is stopped that went ahead before, and none goes ahead unseen. */
export const DEFAULT_OUTGOING_RULES: OutgoingRules = Object.freeze({ secrets: 'observe' });

/** The choices of one level over those of the level around it. Frozen. */
export function compileOutgoing(outgoing: Partial<OutgoingRules> | undefined, inherited: OutgoingRules): OutgoingRules {
  return outgoing === undefined ? inherited : Object.freeze({ ...inherited, ...outgoing });
}

/** The rules as an obligation: nothing where they are the standard ones. */
export function outgoingObligation({ secrets }: OutgoingRules): { readonly outgoing?: OutgoingRules } {
  return secrets === DEFAULT_OUTGOING_RULES.secrets ? {} : { outgoing: Object.freeze({ secrets }) };
}

/** Rules that are as strict as each of some. */
export function strictestOutgoing(list: readonly OutgoingRules[]): OutgoingRules {
  return list.reduce((one, other) => (isOutgoingAsStrict(one, other) ? one : other), { secrets: 'pass' });
}

/** Whether `stricter` lets through nothing that `than` does not. */
export function isOutgoingAsStrict(stricter: OutgoingRules, than: OutgoingRules): boolean {
  return OUTGOING_CHOICES.indexOf(stricter.secrets) >= OUTGOING_CHOICES.indexOf(than.secrets);
}
