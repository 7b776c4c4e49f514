import { host, Refusal, type Found, type PatientRow } from "../host";

/** Stands above those who do not have it as it was typed. */
export const nearWords = "Spelt otherwise, or by another name";

/** Patients found from what is typed. Nothing is asked before the first letter; a late answer never replaces a newer one. */
export class Finding {
  rows = $state.raw<PatientRow[]>([]);
  /** How many of `rows` have it as it was typed; behind them come those who have it otherwise. */
  asTyped = $state(0);
  /** `rows` are patients of late, and answer nothing. */
  recent = $state(false);
  /** What `rows` answers; null while nothing was asked. */
  answered = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  at = $state(0);
  #ticket = 0;
  #asking: Promise<void> | undefined;

  get chosen(): PatientRow | undefined {
    return this.rows[this.at];
  }

  /** Whether the rows answer what was typed, once that is answered: false when more was typed since. */
  async settled(): Promise<boolean> {
    const ticket = this.#ticket;
    await this.#asking;
    return ticket === this.#ticket;
  }

  ask(text: string): void {
    const wish = text.trim();
    this.#asking = wish ? this.#ask(wish, () => host().find(wish)) : this.#clear();
  }

  /** Shows the patients of `ids`, who were chosen lately. */
  askRecent(ids: string[]): void {
    this.#asking = this.#ask(null, async () => {
      const patients = await host().recent(ids);
      return { patients, as_typed: patients.length };
    });
  }

  async #clear(): Promise<void> {
    this.#ticket++;
    this.#put({ patients: [], as_typed: 0 }, null);
    this.recent = false;
  }

  async #ask(wish: string | null, look: () => Promise<Found>): Promise<void> {
    const ticket = ++this.#ticket;
    try {
      const found = await look();
      if (ticket !== this.#ticket) return;
      this.#put(found, wish);
      this.recent = wish === null;
    } catch (error) {
      if (ticket !== this.#ticket) return;
      if (!(error instanceof Refusal)) throw error;
      this.rows = [];
      this.refusal = error;
    }
  }

  #put(found: Found, answered: string | null): void {
    this.rows = found.patients;
    this.asTyped = found.as_typed;
    this.answered = answered;
    this.refusal = null;
    this.at = 0;
  }

  /** Goes up or down in `rows`, and in as many `more` lines behind them. */
  step(by: number, more = 0): void {
    const all = this.rows.length + more;
    if (all) this.at = (this.at + by + all) % all;
  }
}
