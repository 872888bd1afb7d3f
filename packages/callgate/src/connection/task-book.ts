import { ownerOf, type Actor } from '../actor.ts';
import type { InspectedAs } from '../inspection/inspect-inbound.ts';
import { BoundedMap } from './bounded-map.ts';

/** What holds for a task because of the call that it runs. */
export interface TaskOrigin {
  /** The gate's id of the call. */
  readonly request: string;
  /** The method of the call. */
  readonly method: string;
  /** Who made the call, in which run: no other principal is told of the task. */
  readonly actor: Actor;
  /** Bytes of JSON; the bound of the call's own result. */
  readonly maxResultBytes: number;
  /** The tool that the call names; undefined for another method. */
  readonly tool: string | undefined;
  /** The labels that its result brings to whoever gets it. */
  readonly labels: readonly string[];
  /** How the call's own result is inspected. */
  readonly inspected: Pick<InspectedAs, 'rules' | 'stage'>;
}

const MAX_TASKS = 10_000;

/**
 * The tasks that governed calls created on one connection. A task's result arrives in another message than the call's
 * answer, and is inspected under the policy of that call; a task nobody here created is refused.
 */
export class TaskBook {
  readonly #origins = new BoundedMap<string, TaskOrigin>(MAX_TASKS);

  /** Notes a task; false where it is that of another call: its result would be inspected, and handed out, as that one's. */
  note(taskId: string, origin: TaskOrigin): boolean {
    const known = this.#origins.get(taskId);
    if (known !== undefined && !isSameCall(known, origin)) return false;
    this.#origins.set(taskId, origin);
    return true;
  }

  get(taskId: unknown): TaskOrigin | undefined {
    return typeof taskId === 'string' ? this.#origins.get(taskId) : undefined;
  }
}

/** Whether both are of a call that the same one made to the same tool under the same rules: servers may answer a repeated call with one task. */
function isSameCall(one: TaskOrigin, other: TaskOrigin): boolean {
  return (
    one.method === other.method &&
    ownerOf(one.actor) === ownerOf(other.actor) &&
    one.tool === other.tool &&
    one.maxResultBytes === other.maxResultBytes &&
    one.inspected.rules === other.inspected.rules &&
    one.inspected.stage === other.inspected.stage
  );
}
