/** Something that a user asks for in a dialog and that may fail: whether it is being done, and why it was not. */
export class Attempt {
  #isBusy = $state(false);
  #problem = $state.raw<unknown>(undefined);

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Why the last one failed; undefined while another is on. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Tries; false, and a problem, where it failed. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    this.#isBusy = true;
    this.#problem = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.#problem = error;
      return false;
    } finally {
      this.#isBusy = false;
    }
  }
}
