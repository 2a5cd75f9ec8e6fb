import type { MmarId } from '../../common/api/ids.ts';

class TrustPrompt {
  #asked = $state.raw<{ readonly mmar: MmarId; readonly answer: (isTrusted: boolean) => void } | undefined>(
    undefined,
  );

  /** The MMAR whose code is to be decided about; the frame shows the dialog. */
  get mmar(): MmarId | undefined {
    return this.#asked?.mmar;
  }

  /** Shows the code of an MMAR and asks about it; whether it is trusted afterwards. */
  ask(mmar: MmarId): Promise<boolean> {
    this.#asked?.answer(false);
    return new Promise((answer) => {
      this.#asked = { mmar, answer };
    });
  }

  answer(isTrusted: boolean): void {
    this.#asked?.answer(isTrusted);
    this.#asked = undefined;
  }
}

/** `if (await trustPrompt.ask(mmar)) …`: whoever wants to run an MMAR's own code asks so. */
export const trustPrompt = new TrustPrompt();
