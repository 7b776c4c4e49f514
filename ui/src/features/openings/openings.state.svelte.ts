import { host, Refusal, type FoundDay, type FoundOpenings, type FoundStart, type OpeningWish, type PatientRow } from "../../host";

/** How long typing rests before its words are read, in milliseconds. */
const REST = 120;

/** A search for free time: words fill the form, the form is what is looked for. A late answer never replaces a newer one. */
export class Openings {
  words = $state("");
  wish = $state.raw<OpeningWish | null>(null);
  unread = $state.raw<string[]>([]);
  found = $state.raw<FoundOpenings | null>(null);
  refusal = $state<Refusal | null>(null);
  /** What was typed or chosen is not answered yet. */
  asking = $state(false);
  #ticket = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #answer: Promise<void> = Promise.resolve();

  /** Begins with words, or with a wish that is known already. */
  constructor(words: string, wish: OpeningWish | null) {
    this.words = words;
    this.wish = wish;
    this.#ask(async () => wish ?? (await this.#read()));
  }

  type(words: string): void {
    this.words = words;
    this.asking = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#ask(() => this.#read()), REST);
  }

  choose(part: Partial<OpeningWish>): void {
    if (!this.wish) return;
    clearTimeout(this.#rest);
    this.wish = { ...this.wish, ...part };
    this.#ask(async () => this.wish);
  }

  /** Once what was typed is answered. */
  async settled(): Promise<void> {
    if (this.asking) {
      clearTimeout(this.#rest);
      this.#ask(() => this.#read());
    }
    await this.#answer;
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.#ticket++;
  }

  async #read(): Promise<OpeningWish | null> {
    const ticket = this.#ticket;
    const { wish, unread } = await host().readWish(this.words);
    if (ticket !== this.#ticket) return null;
    this.unread = unread;
    this.wish = wish;
    return wish;
  }

  #ask(wanted: () => Promise<OpeningWish | null>): void {
    this.#answer = this.#find(++this.#ticket, wanted);
  }

  async #find(ticket: number, wanted: () => Promise<OpeningWish | null>): Promise<void> {
    this.asking = true;
    try {
      const wish = await wanted();
      const found = wish && (await host().findOpenings(wish));
      if (!found || ticket !== this.#ticket) return;
      this.found = found;
      this.refusal = null;
      this.asking = false;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket !== this.#ticket) return;
      this.refusal = error;
      this.found = null;
      this.asking = false;
    }
  }
}

/** What a person chose of what was found. */
export interface Chosen {
  day: FoundDay;
  start: FoundStart;
  minutes: number;
  patient: PatientRow | null;
}
