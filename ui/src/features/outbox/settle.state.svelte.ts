import { host, Refusal, type AppointmentStatus, type OutboxLine, type SettleForm, type Told } from "../../host";
import { clockHalf, dateOf, mediumDate, minuteOf, readClock, readDate, wallClock } from "../../shared/time";

/** What is typed in place of what two sides made of the same. It begins as the host has it, and is never lost to a refusal. */
export class Settling {
  date = $state("");
  time = $state("");
  minutes = $state<number | null>(null);
  practitioner = $state("");
  status = $state<AppointmentStatus>("booked");
  cancelReason = $state("");
  overbook = $state("");
  comment = $state("");
  values = $state<Record<string, string>>({});
  refusal = $state<Refusal | null>(null);
  missing = $state("");
  busy = $state(false);
  readonly #line: OutboxLine;
  readonly #today: string;
  /** The day that it begins with: its words say no year. */
  #began = { words: "", date: "" };

  constructor(line: OutboxLine, form: SettleForm, today: string) {
    this.#line = line;
    this.#today = today;
    this.values = Object.fromEntries(form.fields.map((field) => [field.path, field.value ?? ""]));
    if (!form.visit) return;
    this.#began = { words: mediumDate(dateOf(form.visit.start)), date: dateOf(form.visit.start) };
    this.date = this.#began.words;
    this.time = clockHalf(minuteOf(form.visit.start));
    this.minutes = form.visit.minutes;
    this.practitioner = form.visit.practitioner ?? "";
    this.status = form.visit.status;
    this.cancelReason = form.visit.cancel_reason ?? "";
  }

  /** The day and the minute that are meant; null where that can't be read. */
  readonly day = $derived.by(() => (this.date === this.#began.words ? this.#began.date : readDate(this.date, this.#today)));
  readonly minute = $derived(readClock(this.time));

  async save(form: SettleForm): Promise<Told | null> {
    const [date, minute] = [this.day, this.minute];
    this.missing = !form.visit ? "" : !date ? "Say on which day, as 3 Dec or 12/3." : minute === null ? "Say at what time, as 9:45." : !this.minutes ? "Say how many minutes it takes." : "";
    if (this.missing) return null;
    const visit = form.visit && {
      start: wallClock(date ?? "", minute ?? 0),
      minutes: this.minutes ?? 0,
      practitioner: this.practitioner || null,
      status: this.status,
      cancel_reason: this.status === "cancelled" ? this.cancelReason : null,
      overbook: this.overbook.trim() || null,
    };
    const fields = Object.entries(this.values).map(([path, value]) => ({ path, value }));
    this.busy = true;
    try {
      return await host().settleByHand(this.#line.change, { visit, fields, comment: this.comment.trim() || null }, this.#line.conflict?.version ?? null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return null;
    } finally {
      this.busy = false;
    }
  }
}
