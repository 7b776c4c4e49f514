import { host, Refusal, type Card, type Room, type Week } from "../../host";
import { addDays, dateOf } from "../../shared/time";
import { Sheet, type Reading } from "./sheet.state.svelte";
import { chosen, isWeekly, plainView, sameView, whoseOf, type View } from "./view";
import type { Slot } from "./walk";

/** Milliseconds in which who hurries on has asked for the next day. */
const REST = 250;

/** Once what stands on the page is in sight, and a person looks at it. */
function lookedAt(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, REST))));
}

/**
 * The day on screen, which may be one of a week that is. It outlives the schedule's page, so that a look into a chart comes back to the same place, and dies
 * with the signed-in view.
 */
export class DayState {
  /** The sheet on top, and those under it: the day that was left, and the one ahead. */
  sheets = $state.raw<Sheet[]>([]);
  sheet = $state.raw<Sheet | null>(null);
  readonly day = $derived(this.sheet?.day ?? null);
  /** The days of the week on screen, Monday first; none while a day is shown by itself. */
  week = $state.raw<Sheet[]>([]);
  /** How it is drawn, and how it was asked to be; the first follows when that is read. */
  view = $state.raw<View>(plainView);
  asked = $state.raw<View>(plainView);
  /** The practice's rooms, once the day has a column for each. */
  rooms = $state.raw<Room[]>([]);
  /** The date asked for; `day` follows when it is read. */
  date = $state<string | null>(null);
  refusal = $state<Refusal | null>(null);
  selectedId = $state<string | null>(null);
  slot = $state.raw<Slot | null>(null);
  /** The visits of a time at which not all can be drawn, while they are looked through. */
  crowd = $state.raw<readonly Card[] | null>(null);
  showStruck = $state(false);
  /** Where the grid was scrolled to; null until it has been shown. */
  scroll: { date: string; top: number } | null = null;
  /** The date of which the rest is on its way from the host. */
  fetching = $state<string | null>(null);
  /** Why it did not come. */
  unfetched = $state<Refusal | null>(null);
  #left: Sheet | null = null;
  #ticket = 0;

  /** Something else was asked for and could not be read: what is at hand is not that. */
  readonly lost = $derived(this.refusal !== null && (this.day?.date !== this.date || !sameView(this.view, this.asked)));
  /** All that is on screen. */
  readonly #open = $derived(this.week.length ? this.week : this.sheet ? [this.sheet] : []);
  /** The date over the page: that of the visits on it, until others have come. */
  readonly titled = $derived(this.lost ? this.date : (this.day?.date ?? this.date));
  readonly selected = $derived(this.lost ? null : (this.#open.flatMap((sheet) => sheet.day.appointments).find((card) => card.id === this.selectedId) ?? null));
  readonly shown = $derived(this.sheet?.shown ?? []);
  readonly columns = $derived(this.sheet?.columns ?? []);
  /** Whether this computer keeps all of it by itself; what does not is told first. */
  readonly beyond = $derived(this.#open.map((sheet) => sheet.day.beyond).find((beyond) => beyond && !beyond.fetched) ?? this.day?.beyond ?? null);
  /** Whether the columns on screen are rooms. */
  readonly byRooms = $derived(this.view.shape === "day" && this.view.rooms);
  /** How many providers have no column, since others were chosen. */
  readonly hidden = $derived(this.view.shape === "day" && !this.byRooms && this.day ? this.day.columns.length - chosen(this.day.columns, this.view.columns).length : 0);
  readonly struck = $derived(this.#open.reduce((sum, sheet) => sum + sheet.struck, 0));

  /** Shows a date (null is today), drawn as before or otherwise. What was selected is let go, unless it is on that date. */
  async show(date: string | null, to: Partial<View> = {}): Promise<void> {
    this.asked = { ...this.asked, ...to };
    if (date !== this.date) {
      this.slot = null;
      this.unfetched = null;
    }
    this.date = date;
    await this.#read();
  }

  /** Draws the same date otherwise. */
  async turn(to: Partial<View>): Promise<void> {
    this.slot = null;
    await this.show(this.date, to);
  }

  /** The day before or after, or the week. Who walks from day to day will want the next one soon. */
  async step(by: number): Promise<void> {
    const from = this.date ?? this.day?.date;
    if (!from) return;
    const days = isWeekly(this.asked) ? by * 7 : by;
    await this.show(addDays(from, days));
    if (isWeekly(this.view)) return;
    if (this.date && this.day?.date === this.date && !this.refusal) void this.#prepare(addDays(this.date, days));
  }

  /** Reads the day again. What lies under it was read before, and is let go. */
  async refresh(): Promise<void> {
    this.letGo();
    await this.#read();
  }

  /** Goes to another day of the week on screen, which is read already. */
  rest(date: string): void {
    const sheet = this.week.find((one) => one.day.date === date);
    if (!sheet || sheet === this.sheet) return;
    this.sheet = sheet;
    this.date = date;
    this.letGo();
  }

  /** Shows a visit and selects it, in whatever is drawn: another's week, or a day without its column, would hide it. */
  async reveal(card: Card): Promise<void> {
    const { shape, whose, columns } = this.asked;
    const to: Partial<View> = {};
    if (shape === "week" || (whose !== null && whose !== card.practitioner)) to.whose = card.practitioner;
    if (card.practitioner === null || !columns.includes(card.practitioner)) to.columns = [];
    await this.show(dateOf(card.start), to);
    this.select(card);
  }

  /** Asks the host for all of what is on screen, of which this computer keeps no more than a part. */
  async fetch(): Promise<void> {
    const date = this.day?.date;
    if (!date || this.fetching === date) return;
    this.fetching = date;
    this.unfetched = null;
    try {
      const lacking = this.#open.map((sheet) => sheet.day).filter((day) => day.beyond && !day.beyond.fetched);
      const days = await Promise.all(lacking.map((day) => host().fetchDay(day.date)));
      if (this.date !== date) return;
      const [day] = days;
      if (this.week.length) await this.#read();
      else if (day) this.#turnTo({ day, digest: null });
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
    const view = this.asked;
    try {
      if (view.rooms && !this.rooms.length) this.rooms = await host().rooms();
      const read = isWeekly(view) ? await host().week(this.date, whoseOf(view)) : await host().day(this.date, this.#of(this.date)?.digest ?? null);
      if (ticket !== this.#ticket) return;
      if ("days" in read) {
        this.view = view;
        this.#spread(read);
        this.date = read.date;
      } else {
        const known = read.same ? this.#of(read.day.date) : null;
        // What was told to be the same has changed here meanwhile.
        if (read.same && known?.digest !== read.digest) return await this.#read();
        this.view = view;
        this.#turnTo(known ? known.again(read.day) : read);
        this.date = read.day.date;
      }
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket === this.#ticket) this.refusal = error;
    }
  }

  /** Only what was read just now is shown: a sheet that is ready saves the drawing, and never the reading. */
  #turnTo(read: Reading): void {
    const sheet = this.#of(read.day.date) ?? this.sheet;
    if (sheet !== this.sheet) this.#left = this.sheet;
    this.week = [];
    this.sheet = this.#put(sheet, read);
  }

  #spread({ date, days }: Week): void {
    const before = this.week;
    this.week = days.map((day, n) => {
      const sheet = before[n] ?? new Sheet(this, { day, digest: null });
      sheet.take({ day, digest: null });
      return sheet;
    });
    this.sheet = this.week.find((sheet) => sheet.day.date === date) ?? null;
    this.letGo();
  }

  /** Draws a day under the one on top, while nobody waits for anything. */
  async #prepare(date: string): Promise<void> {
    const [ticket, sheets] = [this.#ticket, this.sheets];
    if (this.#of(date)) return;
    try {
      await lookedAt();
      const wanted = () => ticket === this.#ticket && sheets === this.sheets;
      if (!wanted()) return;
      const read = await host().dayAhead(date);
      if (wanted()) this.#put(this.sheets.find((sheet) => sheet !== this.sheet && sheet !== this.#left), read);
    } catch (error) {
      // Nobody asked for it yet: who does is told then.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #of(date: string | null): Sheet | undefined {
    return this.sheets.find((sheet) => sheet.day.date === date);
  }

  /** Writes a day on a sheet that is at hand, which is faster than a new one. */
  #put(sheet: Sheet | null | undefined, read: Reading): Sheet {
    if (!sheet) {
      sheet = new Sheet(this, read);
      this.sheets = [...this.sheets, sheet];
    } else sheet.take(read);
    return sheet;
  }

  /** Paints a change at once; the next refresh brings the counts. */
  put(card: Card): void {
    const whose = isWeekly(this.view) ? whoseOf(this.view) : "everyone";
    const wanted = whose === "everyone" || (whose !== "nobody" && whose.one === card.practitioner);
    for (const sheet of this.#open) {
      const others = sheet.day.appointments.filter((c) => c.id !== card.id);
      const here = wanted && dateOf(card.start) === sheet.day.date;
      sheet.paint(here ? [...others, card].sort((a, b) => a.start_minute - b.start_minute) : others);
    }
  }

  select(card: Card | null): void {
    this.selectedId = card?.id ?? null;
    if (!card) return;
    this.slot = null;
    this.rest(dateOf(card.start));
  }

  choose(slot: Slot | null): void {
    this.slot = slot;
    if (slot) this.selectedId = null;
  }
}
