import type { JsonObject } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { freshText, instanceOf } from '../compare/name-patterns.ts';
import { withMember } from '../compare/object-members.ts';
import { variedObjects } from '../compare/value-samples.ts';
import { principalsFor } from '../compare/who-within.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { ResourceMatchDocument } from '../document/types.ts';
import { meetingObject } from './candidate-arguments.ts';
import { conditionArguments, conditionPrincipals } from './condition-values.ts';
import { checkOf } from './entry-strictness.ts';
import { RESOURCE_KEYS, type RuleSide } from './rule-coverage.ts';
import { entriesOf, type Comparison, type EntrySide } from './sides.ts';

const MAX_TOOLS = 24;

const MAX_PRINCIPALS = 16;

const MAX_ARGUMENTS = 48;

/** Calls that the rules may be about: of tools that they match, with arguments that name their resources and constants. */
export function* ruleCalls(rules: readonly RuleSide[], comparison: Comparison): Generator<Call> {
  const { texts } = comparison;
  const conditions = rules.flatMap(({ rule }) => rule.condition?.source ?? []);
  const resources = rules.flatMap(({ document }) => resourceTexts(document.match?.resources));
  for (const target of targetsOf(rules, comparison)) {
    const lists = [...target.after, ...target.before];
    const checks = lists.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
    const whos = [...lists.map(({ who }) => who), ...rules.map(({ document }) => document.match?.who)];
    const members = principalsFor(whos, MAX_PRINCIPALS);
    const named = conditionPrincipals(
      rules.flatMap(({ rule }) => rule.condition ?? []),
      members,
    );
    const principals = [...members.slice(0, 2), ...named.slice(0, MAX_PRINCIPALS), ...members.slice(2)];
    const base = meetingObject(checks, texts) ?? {};
    const varied = checks.flatMap((check) => Array.from(variedObjects(check, texts)));
    const names = new Set([...checks.flatMap((check) => Array.from(check.byName.keys())), 'value']);
    const naming = [...names].flatMap((name) => resources.map((text) => withMember(base, name, text)));
    const asked = conditionArguments(conditions, [base]).slice(0, MAX_ARGUMENTS);
    const all = [base, ...asked, ...naming, ...varied].slice(0, 4 * MAX_ARGUMENTS);
    for (const args of all) {
      const some = args === base ? 2 * MAX_PRINCIPALS : asked.includes(args) ? 6 : 3;
      for (const principal of principals.slice(0, some)) yield target.callOf(args, principal);
    }
  }
}

interface Target {
  readonly before: readonly EntrySide[];
  readonly after: readonly EntrySide[];
  callOf(args: JsonObject, principal: Call['principal']): Call;
}

function* targetsOf(rules: readonly RuleSide[], { before, after }: Comparison): Generator<Target> {
  const servers = [...new Set([...after.servers.keys(), ...before.servers.keys()])];
  const wanted = rules.flatMap(({ document }) => [document.match?.tool ?? []].flat());
  const fresh = freshText(wanted);
  let count = 0;
  for (const server of servers) {
    const listed = [after, before].flatMap((policy) => Object.keys(policy.document.servers[server]?.tools ?? {}));
    const tools = new Set([...listed, ...wanted].map((name) => instanceOf(name, fresh)));
    for (const tool of tools) {
      const fitsAny = rules.some(({ rule }) =>
        rule.fits({
          server,
          direction: 'client-to-server',
          method: 'tools/call',
          tool,
          ring: undefined,
          effect: undefined,
          labels: undefined,
        }),
      );
      if (!fitsAny) continue;
      count += 1;
      if (count > MAX_TOOLS) return;
      yield {
        before: judgedBy(before, server, tool),
        after: judgedBy(after, server, tool),
        callOf: (args, principal) => ({
          server,
          direction: 'client-to-server',
          method: 'tools/call',
          params: { name: tool, arguments: args },
          principal,
        }),
      };
    }
  }
}

function judgedBy(policy: PolicyRuntime, server: string, tool: string): readonly EntrySide[] {
  const runtime = policy.servers.get(server);
  return runtime === undefined ? [] : entriesOf(policy, runtime.parts.tools, tool);
}

/** Texts that name what the patterns match. */
function resourceTexts(match: ResourceMatchDocument | undefined): readonly string[] {
  return RESOURCE_KEYS.flatMap((key) =>
    (match?.[key] ?? []).map((pattern) =>
      pattern
        .replaceAll('**', 'x')
        .replaceAll('*', 'x')
        .replace(/^\.(?=[^/]+$)/u, key === 'hosts' ? 'x.' : '.'),
    ),
  );
}
