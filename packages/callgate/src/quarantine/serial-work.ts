/** Runs asynchronous work one by one, in order. Work that fails stops nothing after it. */
export class SerialWork {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
