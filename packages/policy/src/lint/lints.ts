/** How much a finding matters; see {@link LINTS}. */
export type LintLevel = 'error' | 'warning' | 'note';

/**
 * Everything that `lint` looks for, by stable id. The same table is docs/reference/lints.md.
 *
 * `error`: the policy lets through what its text seems to refuse, or gives away a secret. `warning`: something can never do what
 * it seems to say, or is wider than its ring should be. `note`: a loosening or an omission that may be meant.
 *
 * `finds` is what is found, as a noun phrase; `help` what comes of it, and what to do.
 */
export const LINTS = {
  'no-servers': {
    level: 'warning',
    finds: 'a policy without servers',
    help: 'Every message is denied. Add a server.',
  },
  'owner-missing': {
    level: 'note',
    finds: 'layers of the policy that nobody owns',
    help: 'A denial then names nobody to ask. Name the owners under `owners`; that of `policy` owns all of it.',
  },
  'not-enforced': {
    level: 'note',
    finds: 'a policy, server, tool, rule or control at stage `off` or `observe`',
    help: 'Nothing is stopped there. Set `stage: enforce` when ready.',
  },
  'secret-in-policy': {
    level: 'error',
    finds: 'text that looks like a credential',
    help: 'Policies are read by many, and messages reach the model. Revoke the credential, and pass it to the server through its environment.',
  },
  'names-differ-in-case': {
    level: 'warning',
    finds: 'names side by side that differ only in case',
    help: 'Names are compared exactly, so each is an entry of its own. Keep the one that the server has.',
  },
  'name-look-alike': {
    level: 'warning',
    finds: 'a name with invisible characters, of mixed scripts, or that looks like the name beside it',
    help: 'It is not the name that it seems to be. Write it in plain letters, or remove it.',
  },
  'server-permits-nothing': {
    level: 'warning',
    finds: 'a server without tools, resources, prompts and methods',
    help: 'Nothing of it can be used. Add `tools`, or remove the server.',
  },
  'identity-missing': {
    level: 'note',
    finds: 'a server without a declared identity',
    help: 'Any server under this name is taken for it. Add `identity: { command, args }` or `identity: { url }`.',
  },
  'identity-plaintext': {
    level: 'warning',
    finds: 'a server identity with an `http` URL that leaves the machine',
    help: 'Whoever is on the way can read and change everything. Use `https`.',
  },
  'identity-unpinned': {
    level: 'warning',
    finds: 'a server whose package is fetched without an exact version',
    help: 'What runs is whatever was published last. Pin the version (`pkg@1.2.3`, `pkg==1.2.3`, an image by tag or digest).',
  },
  'trust-plaintext': {
    level: 'error',
    finds: '`trust: internal` for a server at an `http` URL that leaves the machine',
    help: 'Its results count as trusted, and anybody on the way can write them. Use `https`, or `trust: external`.',
  },
  'sampling-allowed': {
    level: 'note',
    finds: 'a server that may use the host’s model without being asked about',
    help: 'Its prompts run on your account. Use `deny` or `hold`.',
  },
  'elicitation-allowed': {
    level: 'note',
    finds: 'a server that may question the user without a check of its own',
    help: 'It can ask for anything in your name. Use `hold`, or `url` with the hosts that it needs.',
  },
  'elicitation-secrets': {
    level: 'warning',
    finds: 'a server that may ask the user for secrets in a form',
    help: 'What is typed passes through the client. Send the user to a page of the issuer (`url`).',
  },
  'cache-allowed': {
    level: 'note',
    finds: 'a server whose answers the client may take from its own cache',
    help: 'Those reads pass the gate unseen and unrecorded. Remove `cache: allow`.',
  },
  'results-uninspected': {
    level: 'note',
    finds: 'results that are not inspected, or whose instruction-like text or secrets pass',
    help: 'What a server sends goes to the model as it is. Remove `result: off`, or the classes under `pass` and `flag`.',
  },
  'secrets-leave': {
    level: 'note',
    finds: '`outgoing: { secrets: pass }`',
    help: 'A credential that a model was led to put into an argument leaves, and no record tells of it. Use `observe` at least, but for a tool that is there to keep secrets.',
  },
  'drift-allowed': {
    level: 'note',
    finds: 'a difference from the lock that goes on to the model, or changes what a call does',
    help: 'What nobody approved is listed and called as it is now. Choose `hold`, or approve the change in the lock.',
  },
  'server-not-locked': {
    level: 'warning',
    finds: 'a server that the lock does not have',
    help: 'A gate with this lock withholds all that it offers, unless `drift: { added: … }` says otherwise. Lock it.',
  },
  'locked-not-in-policy': {
    level: 'note',
    finds: 'a server in the lock that the policy does not have',
    help: 'It was approved, and everything of it is denied. Add it to the policy, or remove it from the lock.',
  },
  'tasks-allowed': {
    level: 'note',
    finds: 'a server that may turn requests into tasks',
    help: 'Work then goes on after the call has returned. Remove `tasks: allow` unless it is needed.',
  },
  'meta-open': {
    level: 'note',
    finds: 'extra `_meta` keys that may leave',
    help: 'What hosts put there is not judged by any envelope. List exact keys, and only those that the server needs.',
  },
  'headers-open': {
    level: 'note',
    finds: 'extra request headers that may leave',
    help: 'Headers carry credentials and names of people. List exact names, and only those that the server needs.',
  },
  'uri-any': {
    level: 'note',
    finds: 'a pattern of resources or roots that covers every URI, or every file',
    help: 'It refuses nothing. Name the scheme, the host and the folder.',
  },
  'uri-host-open': {
    level: 'error',
    finds: 'a URI pattern with a wildcard that can run out of the host',
    help: '`https://docs.example*` matches `https://docs.example.evil.net/`, and `https://*docs.example/` `https://evildocs.example/`. End the host with `/`, and begin with `*.` at most.',
  },
  'uri-never': {
    level: 'warning',
    finds: 'a URI pattern that no permitted URI has the form of',
    help: 'URIs are compared in canonical form: scheme and host in lower case, no default port, no `..`, no space, no backslash, no credentials. Write the pattern in that form.',
  },
  'timeout-long': {
    level: 'note',
    finds: 'a deadline of more than 10 minutes',
    help: 'A call that hangs holds its run that long. Shorten `timeout`.',
  },
  'tool-any': {
    level: 'warning',
    finds: 'an entry `*` of ring 2 or 3',
    help: 'It covers every tool of the server, those it adds later included. Name the tools, or a verb such as `update_*`.',
  },
  'exact-escapes-pattern': {
    level: 'note',
    finds: 'an exact entry that is looser than a pattern which covers its name',
    help: 'An exact entry judges alone: the pattern’s ring, approval and `who` do not apply. Repeat them, if they should.',
  },
  'patterns-contradict': {
    level: 'warning',
    finds: 'two patterns for the same tools that no arguments satisfy together',
    help: 'Every pattern that matches must be satisfied, so these calls are all denied. List the same required arguments in both.',
  },
  'who-any': {
    level: 'note',
    finds: '`who` with a bare `*`',
    help: 'It only asks that there is one. Name the users or roles, or remove `who`.',
  },
  'ring-below-effect': {
    level: 'warning',
    finds: '`effect: write` below ring 2, or `effect: destructive` below ring 3',
    help: 'It lacks the guards of that ring. Raise `ring`.',
  },
  'effect-below-verb': {
    level: 'warning',
    finds: 'a tool named after a change that its entry takes for a read',
    help: 'A `delete_*` that counts as a read has no guard of a write. Set `effect` and `ring` to what the tool does; an `effect` that is right can be confirmed by ignoring this finding.',
  },
  'approvers-missing': {
    level: 'note',
    finds: 'a tool, rule or control that holds calls, with nobody named who may approve them',
    help: 'Anybody who can answer approvals may. Add `approval: { by: [role:…] }`, in a rule or control `by`.',
  },
  'dispatch-outside-envelope': {
    level: 'warning',
    finds: 'a dispatcher whose pointers lead to arguments that its envelope refuses',
    help: 'Every call of it is denied. Declare these arguments.',
  },
  'envelope-missing': {
    level: 'warning',
    finds: 'a tool or method of ring 1 or above without an envelope',
    help: 'Every call of it is denied. Add `arguments` (`params` for a method), or `any` where any will do.',
  },
  'arguments-any': {
    level: 'warning',
    finds: 'a tool or method of ring 2 or 3 that accepts any arguments',
    help: 'Nothing bounds what it does. List the arguments that it needs.',
  },
  'envelope-optional': {
    level: 'note',
    finds: 'an envelope of ring 2 or 3 in which everything is optional',
    help: 'A call that says nothing passes, and does what the server takes for its default. Require what selects the target.',
  },
  'additional-open': {
    level: 'warning',
    finds: '`additional: true` from ring 1 on',
    help: 'Properties that nobody listed pass with any value. List them, or give them a schema.',
  },
  'value-any': {
    level: 'warning',
    finds: '`type: any` in ring 2 or 3',
    help: 'Every value passes. Say what the value is.',
  },
  'string-unbounded': {
    level: 'warning',
    finds: 'a string without `enum`, `const`, `pattern`, `maxLength` or kind in ring 2 or 3',
    help: 'Any text of any length passes. Bound it, or name the kind of text that it is.',
  },
  'number-unbounded': {
    level: 'note',
    finds: 'a number without bounds on both sides in ring 2 or 3',
    help: 'Amounts can be huge or negative. Add `minimum` and `maximum`.',
  },
  'array-unbounded': {
    level: 'note',
    finds: 'an array without `maxItems` in ring 2 or 3',
    help: 'One call can name any number of targets. Add `maxItems`.',
  },
  'pattern-universal': {
    level: 'warning',
    finds: 'a pattern that matches everything',
    help: 'It bounds nothing. Describe the whole value, from `^` to `$`.',
  },
  'pattern-unanchored': {
    level: 'warning',
    finds: 'a pattern that does not begin with `^` and end with `$`',
    help: 'It is searched anywhere in the text, so everything around a match passes as well. Anchor it.',
  },
  'pattern-precedence': {
    level: 'error',
    finds: 'a pattern with anchors that bind only one side of a `|`',
    help: '`^a|b$` is `^a` or `b$`. Write `^(a|b)$`.',
  },
  'pattern-class': {
    level: 'error',
    finds: 'a word inside the brackets of a character class',
    help: '`[^acme.com$]` is one character that is none of these, not “anything but acme.com”. Write the word without brackets; alternatives are `(a|b)`.',
  },
  'pattern-dot': {
    level: 'warning',
    finds: 'an unescaped `.` in what looks like a host, an address or a file name',
    help: 'It matches any character: `acme.com` matches `acmexcom`. Write `\\.`.',
  },
  'rule-never': {
    level: 'error',
    finds: 'a rule that can never apply',
    help: 'What it seems to refuse passes: no server, tool, method, ring, effect or label of the policy is what its `match` says, or its condition is `false`. Correct the names.',
  },
  'rule-name-unknown': {
    level: 'warning',
    finds: 'a server, tool or label in the `match` of a rule or control that the policy does not have',
    help: 'A name that is misspelt takes what it means out of it. Correct it, or remove it.',
  },
  'rule-denies-all': {
    level: 'note',
    finds: 'a rule that denies everything clients ask for',
    help: 'No other part of the policy then matters. Add `match` or a condition, unless it is meant as a switch.',
  },
  'condition-may-err': {
    level: 'warning',
    finds: 'a condition that reads what some of the messages it is about lack, without asking by `has(…)`',
    help: 'They are denied with `evaluation.error`. Guard it, or narrow `match`: without `tool`, a rule is about prompts, resources and subscriptions as well.',
  },
  'control-never': {
    level: 'error',
    finds: 'a meter, breaker or flow that can never apply',
    help: 'What it seems to stop goes on: nothing in the policy is what its `match` says. Correct the names.',
  },
  'control-may-err': {
    level: 'warning',
    finds: 'a meter or breaker that reads an argument which some of the calls it is about may lack',
    help: 'They are denied with `evaluation.error`. Narrow `match`, or make the argument required.',
  },
  'meter-soft-useless': {
    level: 'warning',
    finds: 'a meter whose `soft` is not below its `max`',
    help: 'It refuses before it warns. Set `soft` below `max`.',
  },
  'meter-never-resets': {
    level: 'warning',
    finds: 'a meter without `within` that is not kept by run',
    help: 'Once it is used up, no call passes ever again. Add `within`, or `run` to `per`.',
  },
  'breaker-after-one': {
    level: 'warning',
    finds: 'a breaker that opens at the first failure, denial or result',
    help: 'One call that goes wrong stops all others. Set `after` to 2 or more.',
  },
  'flow-label-missing': {
    level: 'note',
    finds: 'a flow that waits for `untrusted` where every server is internal and no tool brings it',
    help: 'Only instruction-like text that inspection finds brings it then. Label the tools that read what strangers wrote.',
  },
  'sink-below-ring': {
    level: 'warning',
    finds: 'a tool with `sink` below ring 2',
    help: 'What sends data out lacks the guards of a write. Raise `ring`.',
  },
  'sink-missing': {
    level: 'note',
    finds: 'a tool that writes to an external server without `sink`, in a policy with flows',
    help: 'Flows do not look at it, so that data may leave there. Add `sink`.',
  },
  'idempotency-read': {
    level: 'note',
    finds: '`idempotency` on a tool that counts as a read',
    help: 'A read has no effect to repeat. Remove it, or set `effect` to what the tool does.',
  },
  'plan-unused': {
    level: 'note',
    finds: 'a tool with `plan` whose plans no tool applies',
    help: 'Nothing asks for the plan. Add `apply` to the tool that carries it out.',
  },
} as const;

/** The id of a lint. Stable. */
export type LintId = keyof typeof LINTS;
