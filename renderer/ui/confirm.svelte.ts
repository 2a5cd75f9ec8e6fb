/** A question that is asked before something is done. */
export interface Question {
  readonly title: string;
  /** What will happen and what will not, in one or two sentences. */
  readonly body: string;
  /** The verb on the button, e.g. `Move to trash`. */
  readonly action: string;
  readonly tone?: 'danger';
  readonly cancel?: string;
}

class Questions {
  #asked = $state.raw<{ question: Question; answer: (yes: boolean) => void } | undefined>(undefined);

  /** The question that waits for an answer; ConfirmHost shows it. */
  get asked(): Question | undefined {
    return this.#asked?.question;
  }

  /** Asks, and answers whether the user agreed. A question that is still open is answered no. */
  ask(question: Question): Promise<boolean> {
    this.#asked?.answer(false);
    return new Promise((resolve) => {
      this.#asked = { question, answer: resolve };
    });
  }

  answer(yes: boolean): void {
    this.#asked?.answer(yes);
    this.#asked = undefined;
  }
}

/** The questions of this window. */
export const questions = new Questions();

/** `if (await confirm({ title, body, action })) …`, shown by the window's one ConfirmHost. */
export const confirm = (question: Question): Promise<boolean> => questions.ask(question);
