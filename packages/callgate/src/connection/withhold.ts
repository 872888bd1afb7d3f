import type { JsonObject } from '@callgate/canonical';
import type { Surface } from '@callgate/inspector';

import { declaredLabels } from '../history/brought-labels.ts';
import { foundLabels, labelsWith } from '../history/call-outcome.ts';
import { errorClass } from '../interceptors.ts';
import type { Withheld } from '../inspection/inspect-inbound.ts';
import { handleOf, safeFields, type QuarantineHandle } from '../quarantine/quarantine-handle.ts';
import type { QuarantinedType } from '../quarantine/quarantined-item.ts';
import type { Exchange } from './exchange.ts';
import type { Link } from './link.ts';

/**
 * Keeps an answer that inspection withholds, as it came, and gives the handle that the model gets in its place. Undefined where
 * nothing is kept: what is rejected, listings (the lock keeps those), and where keeping failed, of which the host hears.
 *
 * @param text the answer as it came
 */
export function keepWithheld(
  link: Link,
  exchange: Exchange,
  surface: Surface,
  withheld: Withheld,
  text: string,
): Promise<QuarantineHandle | undefined> | undefined {
  const { quarantine } = link.gate;
  const type = typeOf(surface);
  if (withheld.record.verdict !== 'quarantine' || type === undefined || !quarantine.isKeeping) return undefined;
  return keep(link, exchange, type, withheld, text).catch((error: unknown) => {
    link.anomaly('quarantine.failed', exchange.request, { error: errorClass(error) });
    link.gate.events.emit('quarantine-failed', { server: link.serverName, request: exchange.request, error });
    return undefined;
  });
}

async function keep(
  link: Link,
  exchange: Exchange,
  type: QuarantinedType,
  { found, record }: Withheld,
  text: string,
): Promise<QuarantineHandle> {
  const { gate, serverName } = link;
  const { target } = exchange.facts;
  const { actor, method, request } = exchange;
  const item = await gate.quarantine.keep({
    server: serverName,
    method,
    tool: target,
    type,
    request,
    actor,
    labels: labelsWith(declaredLabels(link, exchange), foundLabels({ inspection: record })),
    findings: found,
    text,
  });
  gate.events.emit('quarantine-stored', { id: item.id, server: serverName, target, request, bytes: item.bytes });
  return handleOf(item, fieldsOf(link, exchange, text));
}

/** What policy lets be told of the answer. */
function fieldsOf(link: Link, exchange: Exchange, text: string): QuarantineHandle['fields'] {
  const rules = exchange.verdict?.obligations.result;
  if (rules === undefined || rules === 'off' || rules.release === undefined) return undefined;
  const inspector = link.gate.inspectors.of(rules);
  return safeFields(JSON.parse(text) as JsonObject, rules.release, (value) => {
    const { verdict, findings } = inspector.inspect(value, { surface: 'result' });
    return verdict === 'pass' && findings.length === 0;
  });
}

function typeOf(surface: Surface): QuarantinedType | undefined {
  switch (surface) {
    case 'result':
    case 'prompt':
    case 'resource':
    case 'instructions':
    case 'error':
      return surface;
    default:
      return undefined;
  }
}
