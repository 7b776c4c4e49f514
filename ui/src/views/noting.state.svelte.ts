import { NoteDraft, type WrittenNote } from "../features/notes/note-draft.state.svelte";
import { host, type NoteChanged, type PatientRow } from "../host";
import { charting } from "../shared/keys";
import type { Notices } from "../shared/notices.state.svelte";

/** Notes that are read and written. What is half written is kept, each with its patient. */
export class Noting {
  writing = $state.raw<NoteDraft | null>(null);
  /** The one that is read, as "Type/id". */
  reading = $state.raw<string | null>(null);
  /** Closed half written. */
  #kept = $state.raw<readonly NoteDraft[]>([]);
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Goes on where the member left off. */
  comeBack(written: readonly WrittenNote[]): void {
    for (const note of written) {
      if (note.open) this.writing = NoteDraft.read(note);
      else this.#kept = [...this.#kept, NoteDraft.read(note)];
    }
  }

  /** What is half written. */
  unfinished(): WrittenNote[] {
    const front = this.writing?.begun ? [this.writing.write(true)] : [];
    return [...this.#kept.map((draft) => draft.write(false)), ...front];
  }

  /** Whether a note of this patient was begun. */
  begun(patient: string): boolean {
    return this.#kept.some((draft) => draft.patient.id === patient);
  }

  /** Opens a note of this patient: the one that was begun, or a new one. */
  write(patient: PatientRow): void {
    this.writing = this.#kept.find((draft) => draft.patient.id === patient.id) ?? new NoteDraft(patient);
    this.#kept = this.#kept.filter((draft) => draft !== this.writing);
  }

  close(): void {
    if (this.writing?.begun) {
      this.#kept = [...this.#kept, this.writing];
      this.#notices.say(`The note is kept as you left it, not saved. ${charting.note.label} in the chart goes on with it.`);
    }
    this.writing = null;
  }

  throwAway(): void {
    this.writing = null;
  }

  /** A note was saved. What shows it reads `again`. */
  saved({ say, change }: NoteChanged, again: () => void): void {
    this.writing = null;
    again();
    this.#notices.say(say, async () => {
      this.#notices.say((await host().undoNote(change)).say);
      again();
    });
  }
}
