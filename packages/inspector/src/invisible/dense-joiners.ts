import { JOINER, classOf } from './character-class.ts';
import type { InvisibleRun } from './genuine.ts';
import { JOINED_SCRIPTS } from './scripts.ts';

/** So many joiners with one letter between each two are written by nobody, save to carry bits. */
const MIN_DENSE = 8;

/** Watches for joiners that each stand where joiners may stand, and too close to each other. */
export class DenseJoiners {
  #close: InvisibleRun[] = [];

  /** Takes a run that is genuine by itself. @returns those that are not, since they stand too close */
  add(run: InvisibleRun): readonly InvisibleRun[] {
    if (!run.points.every((point) => classOf(point) === JOINER) || !JOINED_SCRIPTS.has(run.before)) return NONE;
    const last = this.#close.at(-1);
    if (last !== undefined && run.start - last.end > 1) this.#close = [];
    this.#close.push(run);
    if (this.#close.length < MIN_DENSE) return NONE;
    return this.#close.length === MIN_DENSE ? this.#close.slice() : [run];
  }
}

const NONE: readonly InvisibleRun[] = [];
