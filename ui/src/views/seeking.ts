import type { Card, OpeningWish, PatientRow, WaitlistLine } from "../host";

/** Free time that is looked for, and what becomes of it: one of the last three, else a new visit. */
export interface Seeking {
  /** What is known of the visit, in words that begin the search. */
  words: string;
  /** Or as a wish. */
  wish: OpeningWish | null;
  patient: PatientRow | null;
  reason: string | null;
  /** The booking that is half typed goes on there. */
  drafted: boolean;
  /** Their place on the waitlist becomes the visit. */
  waiting: WaitlistLine | null;
  /** The visit of this id moves there. */
  moving: string | null;
}

/** `minutes` with this provider, or with anyone, from this day on. */
export function plainWish(minutes: number, practitioner: string | null, from: string): OpeningWish {
  return { minutes, practitioners: practitioner ? [practitioner] : [], days: [], from_minute: 0, until_minute: 1440, from, until: null };
}

/** Who is due for another visit, and what is known of it. */
export type Recalling = Pick<Card, "patient" | "practitioner" | "reason">;
