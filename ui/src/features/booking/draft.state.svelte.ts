import { host, Refusal, type Changed, type PatientRow, type VisitType, type BookRequest, type SeriesRule } from "../../host";
import { clock, readClock, wallClock } from "../../shared/time";

/** A booking as it is written down between two sessions: what a person entered, and nothing that follows from it. */
export interface Written {
  patient: PatientRow | null;
  typed: string;
  practitioner: string;
  /** Location id; empty for none. */
  room: string;
  /** Short code of its type; empty for none. */
  visit_type: string;
  date: string;
  time: string;
  minutes: number;
  reason: string;
  comment: string;
  overbook: string;
  repeats: SeriesRule | null;
}

/** A booking being made. Kept while its sheet is closed, so that an interruption costs nothing. */
export class Draft {
  patient = $state.raw<PatientRow | null>(null);
  typed = $state("");
  practitioner = $state("");
  room = $state("");
  visit_type = $state("");
  date = $state("");
  /** As typed; {@link minute} reads it. */
  time = $state("");
  minutes = $state(30);
  reason = $state("");
  comment = $state("");
  overbook = $state("");
  /** How it repeats; null for one visit. */
  repeats = $state.raw<SeriesRule | null>(null);
  refusal = $state<Refusal | null>(null);
  busy = $state(false);
  /** A submit was tried, so what is missing may be said. */
  tried = $state(false);

  readonly minute = $derived(readClock(this.time));
  /** Whether closing it would lose something a person entered. */
  readonly begun = $derived(this.patient !== null || this.typed.trim() !== "" || this.reason.trim() !== "" || this.comment.trim() !== "");
  readonly missing = $derived.by(() => {
    if (!this.patient) return "Choose a patient first.";
    if (!this.practitioner) return "Choose a provider.";
    if (this.minute === null) return "Write the time like 9:45 or 1:30.";
    if (!Number.isInteger(this.minutes) || this.minutes < 5 || this.minutes > 480) return "A visit takes 5 to 480 minutes.";
    return null;
  });

  static read(written: Written): Draft {
    return Object.assign(new Draft(), written);
  }

  write(): Written {
    const { patient, typed, practitioner, room, visit_type, date, time, minutes, reason, comment, overbook, repeats } = this;
    return { patient, typed, practitioner, room, visit_type, date, time, minutes, reason, comment, overbook, repeats };
  }

  /** Where and when it is to be. */
  put(practitioner: string, date: string, minute: number): void {
    this.practitioner = practitioner;
    this.date = date;
    this.time = clock(minute);
    if (readClock(this.time) !== minute) this.time = `${this.time} ${minute < 720 ? "am" : "pm"}`;
    this.refusal = null;
  }

  choose(patient: PatientRow | null): void {
    this.patient = patient;
    if (patient) this.typed = "";
    this.refusal = null;
  }

  /** Makes it a visit of that type, as long as those are. */
  be(type: VisitType | null): void {
    this.visit_type = type?.code ?? "";
    if (type) this.minutes = type.minutes;
  }

  /** What is wished for; null while something is missing. */
  wish(): BookRequest | null {
    this.tried = true;
    if (this.missing || !this.patient || this.minute === null) return null;
    return {
      patient: this.patient.id,
      practitioner: this.practitioner,
      start: wallClock(this.date, this.minute),
      minutes: this.minutes,
      reason: this.reason.trim() || null,
      comment: this.comment.trim() || null,
      overbook: this.overbook.trim() || null,
      room: this.room || null,
      visit_type: this.visit_type || null,
    };
  }

  /** Books it; null when something is missing or the program refused, which `refusal` then tells. */
  async book(): Promise<Changed | null> {
    const wish = this.wish();
    if (this.busy || !wish) return null;
    this.busy = true;
    try {
      return await host().book(wish);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return null;
    } finally {
      this.busy = false;
    }
  }
}
