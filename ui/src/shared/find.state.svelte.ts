import { host, Refusal, type PatientRow } from "../host";

/** Patients found from what is typed. Nothing is asked before the first letter; a late answer never replaces a newer one. */
export class Finding {
  rows = $state.raw<PatientRow[]>([]);
  /** What `rows` answers; null while nothing was asked. */
  answered = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  at = $state(0);
  #ticket = 0;
  #asking: Promise<void> | undefined;

  get chosen(): PatientRow | undefined {
    return this.rows[this.at];
  }

  /** The row under Enter, once what was typed is answered: never a row of fewer letters. Nobody, when more was typed since. */
  async settled(): Promise<PatientRow | undefined> {
    const ticket = this.#ticket;
    await this.#asking;
    return ticket === this.#ticket ? this.chosen : undefined;
  }

  ask(text: string): void {
    this.#asking = this.#ask(text);
  }

  async #ask(text: string): Promise<void> {
    const ticket = ++this.#ticket;
    const wish = text.trim();
    if (!wish) {
      this.rows = [];
      this.answered = null;
      this.refusal = null;
      this.at = 0;
      return;
    }
    try {
      const rows = await host().find(wish);
      if (ticket !== this.#ticket) return;
      this.rows = rows;
      this.answered = wish;
      this.refusal = null;
      this.at = 0;
    } catch (error) {
      if (ticket !== this.#ticket) return;
      if (!(error instanceof Refusal)) throw error;
      this.rows = [];
      this.refusal = error;
    }
  }

  step(by: number): void {
    if (this.rows.length) this.at = (this.at + by + this.rows.length) % this.rows.length;
  }
}
