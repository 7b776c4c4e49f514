import type { Card, Column, ToRoom } from "../../host";

/** What a visit may last, in minutes: the program's own limits. */
const [SHORTEST, LONGEST] = [5, 480];

/** A visit on its way to another place, by arrows or by pointer. */
export class Moving {
  readonly card: Card;
  /** Minutes. */
  length = $state(0);
  practitioner = $state("");
  /** Location id; empty for none. */
  room = $state("");
  minute = $state(0);
  /** Entered by key: arrows move it, Enter sets it down. */
  readonly byKey: boolean;
  /** Whether the columns it goes over are rooms. */
  readonly overRooms: boolean;

  constructor(card: Card, byKey: boolean, overRooms = false) {
    this.overRooms = overRooms;
    this.card = card;
    this.byKey = byKey;
    this.length = card.end_minute - card.start_minute;
    this.practitioner = card.practitioner ?? "";
    this.room = card.room?.id ?? "";
    this.minute = card.start_minute;
  }

  /** The column that it is over. */
  get column(): string {
    return this.overRooms ? this.room : this.practitioner;
  }

  #over(column: string): void {
    if (this.overRooms) this.room = column;
    else this.practitioner = column;
  }

  to(column: string, minute: number): void {
    this.#over(column);
    this.minute = minute;
  }

  later(minutes: number): void {
    this.minute = Math.min(Math.max(0, this.minute + minutes), 24 * 60 - 5);
  }

  /** Takes longer, or with less than nothing shorter. */
  longer(minutes: number): void {
    this.length = Math.min(Math.max(SHORTEST, this.length + minutes), LONGEST);
  }

  /** Ends at this minute. */
  until(minute: number): void {
    this.longer(minute - this.minute - this.length);
  }

  sideways(columns: readonly Column[], step: 1 | -1): void {
    const at = columns.findIndex((column) => column.practitioner === this.column);
    const next = columns[at + step];
    if (next) this.#over(next.practitioner);
  }

  /** The room it goes to, if that is another. */
  get toRoom(): ToRoom | null {
    if (this.room === (this.card.room?.id ?? "")) return null;
    return this.room ? { room: this.room } : "none";
  }

  /** Its new length in minutes, if that is another. */
  get toLength(): number | null {
    return this.length === this.card.end_minute - this.card.start_minute ? null : this.length;
  }

  /** Whether it would stand elsewhere than it does. */
  changed(date: string): boolean {
    return this.toLength !== null || this.minute !== this.card.start_minute || this.practitioner !== this.card.practitioner || this.toRoom !== null || date !== this.card.start.slice(0, 10);
  }
}
