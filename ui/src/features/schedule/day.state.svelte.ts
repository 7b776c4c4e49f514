import { host, Refusal, type Card, type Column, type Day } from "../../host";
import { isStruck } from "../../shared/status";
import { addDays } from "../../shared/time";
import type { Slot } from "./walk";

/** Where visits stand that name no provider, or one without a column: at the right edge, rather than nowhere. */
const STRAY = "";

function strayColumn(booked: number): Column {
  return { practitioner: STRAY, name: "No provider", hours: [], blocks: [], booked, open: 0, as_of: null };
}

/**
 * The day on screen. It outlives the schedule's page, so that a look into a chart comes back to the same place, and dies
 * with the signed-in view.
 */
export class DayState {
  day = $state.raw<Day | null>(null);
  /** The date asked for; `day` follows when it is read. */
  date = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  selectedId = $state<string | null>(null);
  slot = $state.raw<Slot | null>(null);
  showStruck = $state(false);
  /** Where the grid was scrolled to; null until it has been shown. */
  scroll: { date: string; top: number } | null = null;
  #ticket = 0;

  /** Another date was asked for and could not be read: what is at hand is not its day. */
  readonly lost = $derived(this.refusal !== null && this.day?.date !== this.date);
  /** The date over the page: that of the visits on it, until others have come. */
  readonly titled = $derived(this.lost ? this.date : (this.day?.date ?? this.date));
  readonly selected = $derived(this.lost ? null : (this.day?.appointments.find((card) => card.id === this.selectedId) ?? null));
  readonly #known = $derived(new Set(this.day?.columns.map((column) => column.practitioner)));
  /** Cards on the grid, each with the column it stands in; struck ones only when asked for, or while selected. */
  readonly shown = $derived(
    (this.day?.appointments ?? [])
      .filter((card) => this.showStruck || !isStruck(card.status) || card.id === this.selectedId)
      .map((card) => (card.practitioner !== null && this.#known.has(card.practitioner) ? card : { ...card, practitioner: STRAY })),
  );
  readonly columns = $derived.by(() => {
    const strays = this.shown.filter((card) => card.practitioner === STRAY).length;
    return [...(this.day?.columns ?? []), ...(strays ? [strayColumn(strays)] : [])];
  });
  readonly struck = $derived((this.day?.appointments ?? []).filter((card) => isStruck(card.status)).length);

  /** Shows a date (null is today). What was selected is let go, unless it is on that date. */
  async show(date: string | null): Promise<void> {
    if (date !== this.date) this.slot = null;
    this.date = date;
    await this.refresh();
  }

  async step(days: number): Promise<void> {
    const from = this.date ?? this.day?.date;
    if (from) await this.show(addDays(from, days));
  }

  /** Reads the day again; a late answer never replaces a newer one. */
  async refresh(): Promise<void> {
    const ticket = ++this.#ticket;
    try {
      const day = await host().day(this.date);
      if (ticket !== this.#ticket) return;
      this.day = day;
      this.date = day.date;
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket === this.#ticket) this.refusal = error;
    }
  }

  /** Paints a change at once; the next refresh brings the counts. */
  put(card: Card): void {
    if (!this.day) return;
    const others = this.day.appointments.filter((c) => c.id !== card.id);
    const here = card.start.slice(0, 10) === this.day.date;
    const appointments = here ? [...others, card].sort((a, b) => a.start_minute - b.start_minute) : others;
    this.day = { ...this.day, appointments };
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
