import { host, Refusal, type NoteChanged, type NoteKind, type PatientRow } from "../../host";

/** A note as it is written down between two sessions. */
export interface WrittenNote {
  patient: PatientRow;
  kind: NoteKind;
  text: string;
  comment: string;
  /** Whether it was in front. */
  open: boolean;
}

/** A note being written, of one patient. Kept while its dialog is closed, so that an interruption costs nothing. */
export class NoteDraft {
  readonly patient: PatientRow;
  kind = $state<NoteKind>("progress");
  text = $state("");
  comment = $state("");
  refusal = $state.raw<Refusal | null>(null);
  busy = $state(false);
  /** A save was tried, so what is missing may be said. */
  tried = $state(false);

  /** Whether closing it would lose something a person entered. */
  readonly begun = $derived(this.text.trim() !== "" || this.comment.trim() !== "");
  readonly missing = $derived(this.text.trim() ? null : "Write something first.");

  constructor(patient: PatientRow) {
    this.patient = patient;
  }

  static read({ patient, kind, text, comment }: WrittenNote): NoteDraft {
    return Object.assign(new NoteDraft(patient), { kind, text, comment });
  }

  write(open: boolean): WrittenNote {
    const { patient, kind, text, comment } = this;
    return { patient, kind, text, comment, open };
  }

  /** Saves it; null when something is missing or the program refused, which `refusal` then tells. */
  async save(): Promise<NoteChanged | null> {
    this.tried = true;
    if (this.busy || this.missing) return null;
    this.busy = true;
    this.refusal = null;
    try {
      return await host().writeNote({ patient: this.patient.id, kind: this.kind, text: this.text, comment: this.comment.trim() || null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return null;
    } finally {
      this.busy = false;
    }
  }
}
