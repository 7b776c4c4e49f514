import { host, Refusal } from "../../host";

/** The rows of a list. Read anew whenever something changed; the row under the keyboard stays the same one. */
export class Rows<T extends { id: string }> {
  lines = $state.raw<T[] | null>(null);
  refusal = $state<Refusal | null>(null);
  at = $state(0);
  #ticket = 0;
  readonly #ask: () => Promise<T[]>;

  constructor(ask: () => Promise<T[]>) {
    this.#ask = ask;
  }

  get chosen(): T | null {
    return this.lines?.[this.at] ?? null;
  }

  async read(): Promise<void> {
    const ticket = ++this.#ticket;
    const before = this.chosen?.id;
    try {
      const lines = await this.#ask();
      if (ticket !== this.#ticket) return;
      this.lines = lines;
      this.refusal = null;
      const place = lines.findIndex((line) => line.id === before);
      this.at = place >= 0 ? place : Math.max(0, Math.min(this.at, lines.length - 1));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket === this.#ticket) this.refusal = error;
    }
  }

  /** Reads, then does `first`; reads again whenever `told` says that rows of these types matter. What it answers ends that. */
  follow(told: (kinds: string[]) => boolean, first: () => void): () => void {
    void this.read().then(first);
    return host().onData((kinds) => {
      if (told(kinds)) void this.read();
    });
  }

  step(by: number): void {
    const last = (this.lines?.length ?? 0) - 1;
    this.at = Math.max(0, Math.min(last, this.at + by));
  }
}
