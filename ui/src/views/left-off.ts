import type { Written } from "../features/booking/draft.state.svelte";
import type { WrittenNote } from "../features/notes/note-draft.state.svelte";
import type { WrittenForm } from "../features/registering/registering.state.svelte";
import { plainView, type View } from "../features/schedule/view";
import type { Place } from "../features/shell/Rail.svelte";

/** Where a member is, and what is half typed. The program keeps it sealed to them; the page keeps nothing. */
export interface LeftOff {
  place: Place;
  date: string | null;
  view: View;
  appointment: string | null;
  patient: string | null;
  draft: Written | null;
  booking: boolean;
  /** Patients they had to do with lately, the last first. */
  recent: string[];
  registering: WrittenForm | null;
  /** Notes half written. */
  notes: WrittenNote[];
  /** Appointment ids of the pinboard. */
  pins: string[];
  /** Appointment ids of whose patients came with alerts that nobody has seen. */
  unseen: string[];
}

/** Reads what a page left. Another version's words are no reason to stop: then the member begins at the day. */
export function readLeftOff(page: string | null): LeftOff | null {
  if (!page) return null;
  try {
    const left = JSON.parse(page) as Partial<LeftOff>;
    return {
      place: left.place ?? "day",
      date: left.date ?? null,
      view: { ...plainView, ...left.view },
      appointment: left.appointment ?? null,
      patient: left.patient ?? null,
      draft: left.draft ?? null,
      booking: left.booking ?? false,
      recent: left.recent ?? [],
      registering: left.registering ?? null,
      notes: left.notes ?? [],
      pins: left.pins ?? [],
      unseen: left.unseen ?? [],
    };
  } catch {
    return null;
  }
}
