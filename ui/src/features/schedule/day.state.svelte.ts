import { host, Refusal, type Card, type Day } from "../../host";
import { addDays } from "../../shared/time";
import { Sheet } from "./sheet.state.svelte";
import type { Slot } from "./walk";

/** Once what stands on the page is in sight, and nothing else waits. */
function painted(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
}

/**
 * The day on screen. It outlives the schedule's page, so that a look into a chart comes back to the same place, and dies
 * with the signed-in view.
 */
export class DayState {
  /** The sheet on top, and those under it: the day that was left, and the one ahead. */
  sheets = $state.raw<Sheet[]>([]);
  sheet = $state.raw<Sheet | null>(null);
  readonly day = $derived(this.sheet?.day ?? null);
  /** The date asked for; `day` follows when it is read. */
  date = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  selectedId = $state<string | null>(null);
  slot = $state.raw<Slot | null>(null);
  showStruck = $state(false);
  /** Where the grid was scrolled to; null until it has been shown. */
  scroll: { date: string; top: number } | null = null;
  /** The date of which the rest is on its way from the host. */
  fetching = $state<string | null>(null);
  /** Why it did not come. */
  unfetched = $state<Refusal | null>(null);
  #left: Sheet | null = null;
  #ticket = 0;

  /** Another date was asked for and could not be read: what is at hand is not its day. */
  readonly lost = $derived(this.refusal !== null && this.day?.date !== this.date);
  /** The date over the page: that of the visits on it, until others have come. */
  readonly titled = $derived(this.lost ? this.date : (this.day?.date ?? this.date));
  readonly selected = $derived(this.lost ? null : (this.day?.appointments.find((card) => card.id === this.selectedId) ?? null));
  readonly shown = $derived(this.sheet?.shown ?? []);
  readonly columns = $derived(this.sheet?.columns ?? []);
  readonly struck = $derived(this.sheet?.struck ?? 0);

  /** Shows a date (null is today). What was selected is let go, unless it is on that date. */
  async show(date: string | null): Promise<void> {
    if (date !== this.date) {
      this.slot = null;
      this.unfetched = null;
    }
    this.date = date;
    await this.#read();
  }

  /** Who walks from day to day will want the next one soon. */
  async step(days: number): Promise<void> {
    const from = this.date ?? this.day?.date;
    if (!from) return;
    await this.show(addDays(from, days));
    if (this.date && this.day?.date === this.date && !this.refusal) void this.#prepare(addDays(this.date, days));
  }

  /** Reads the day again. What lies under it was read before, and is let go. */
  async refresh(): Promise<void> {
    this.letGo();
    await this.#read();
  }

  /** Asks the host for all of the day on top, of which this computer keeps no more than a part. */
  async fetch(): Promise<void> {
    const date = this.day?.date;
    if (!date || this.fetching === date) return;
    this.fetching = date;
    this.unfetched = null;
    try {
      const day = await host().fetchDay(date);
      if (this.date === date) this.#turnTo(day);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.date === date) this.unfetched = error;
    } finally {
      if (this.fetching === date) this.fetching = null;
    }
  }

  /** Keeps nothing but the day on top; what is on its way comes too late. */
  letGo(): void {
    this.sheets = this.sheet ? [this.sheet] : [];
    this.#left = null;
  }

  /** A late answer never replaces a newer one. */
  async #read(): Promise<void> {
    const ticket = ++this.#ticket;
    try {
      const day = await host().day(this.date);
      if (ticket !== this.#ticket) return;
      this.#turnTo(day);
      this.date = day.date;
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket === this.#ticket) this.refusal = error;
    }
  }

  /** Only what was read just now is shown: a sheet that is ready saves the drawing, and never the reading. */
  #turnTo(day: Day): void {
    const sheet = this.#of(day.date) ?? this.sheet;
    if (sheet !== this.sheet) this.#left = this.sheet;
    this.sheet = this.#put(sheet, day);
  }

  /** Draws a day under the one on top, while nobody waits for anything. */
  async #prepare(date: string): Promise<void> {
    const [ticket, sheets] = [this.#ticket, this.sheets];
    if (this.#of(date)) return;
    try {
      const [day] = await Promise.all([host().dayAhead(date), painted()]);
      if (ticket === this.#ticket && sheets === this.sheets) this.#put(this.sheets.find((sheet) => sheet !== this.sheet && sheet !== this.#left), day);
    } catch (error) {
      // Nobody asked for it yet: who does is told then.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #of(date: string): Sheet | undefined {
    return this.sheets.find((sheet) => sheet.day.date === date);
  }

  /** Writes a day on a sheet that is at hand, which is faster than a new one. */
  #put(sheet: Sheet | null | undefined, day: Day): Sheet {
    if (!sheet) {
      sheet = new Sheet(this, day);
      this.sheets = [...this.sheets, sheet];
    } else sheet.take(day);
    return sheet;
  }

  /** Paints a change at once; the next refresh brings the counts. */
  put(card: Card): void {
    if (!this.sheet || !this.day) return;
    const others = this.day.appointments.filter((c) => c.id !== card.id);
    const here = card.start.slice(0, 10) === this.day.date;
    const appointments = here ? [...others, card].sort((a, b) => a.start_minute - b.start_minute) : others;
    this.sheet.day = { ...this.day, appointments };
  }

  select(card: Card | null): void {
    this.selectedId = card?.id ?? null;
    if (card) this.slot = null;
  }

  choose(slot: Slot | null): void {
    this.slot = slot;
    if (slot) this.selectedId = null;
  }
}
