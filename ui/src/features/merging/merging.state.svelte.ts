import { host, Refusal, type MergeField, type MergePage, type MergeSide, type PatientRow, type PatientSaved } from "../../host";
import { Finding } from "../../shared/find.state.svelte";

export type Side = "own" | "other";

const across = (side: Side): Side => (side === "own" ? "other" : "own");

/** Two records of one person: which stays, and which value of each field. */
export class Merging {
  readonly patient: string;
  readonly finding = new Finding();
  page = $state.raw<MergePage | null>(null);
  stays = $state<Side>("own");
  refusal = $state.raw<Refusal | null>(null);
  busy = $state(false);
  comment = $state("");
  typed = $state("");
  at = $state(0);
  /** Fields whose value a person chose. */
  #chosen = $state<Partial<Record<string, Side>>>({});

  constructor(patient: string) {
    this.patient = patient;
  }

  get other(): MergeSide | null {
    return this.page?.other ?? null;
  }

  /** Who may be the other: those who are found, and before anything is typed those who are likely. */
  get offered(): { patient: PatientRow; why: string[] }[] {
    if (!this.typed.trim()) return this.page?.likely ?? [];
    return this.finding.rows.filter(({ id }) => id !== this.page?.own.patient.id).map((patient) => ({ patient, why: [] }));
  }

  open(): Promise<void> {
    return this.#ask(async () => void (this.page = await host().mergePage(this.patient, null)));
  }

  find(): void {
    this.at = 0;
    this.finding.ask(this.typed);
  }

  step(by: number): void {
    const all = this.offered.length;
    if (all) this.at = (this.at + by + all) % all;
  }

  /** Puts the two side by side. The record with more visits stays, unless a person says otherwise. */
  choose(patient: PatientRow): Promise<void> {
    return this.#ask(async () => {
      const page = await host().mergePage(this.patient, patient.id);
      this.stays = (page.other?.visits ?? 0) > page.own.visits ? "other" : "own";
      this.#chosen = {};
      this.finding.ask("");
      this.page = page;
    });
  }

  /** Takes the one that is marked, once what was typed is answered. */
  async take(): Promise<void> {
    if (!(await this.finding.settled())) return;
    const marked = this.offered[this.at];
    if (marked) await this.choose(marked.patient);
  }

  again(): Promise<void> {
    this.typed = "";
    return this.open();
  }

  /** Whose value of a field is kept: the chosen one's, else of the record that stays, unless it says nothing. */
  keeps(line: MergeField): Side {
    return this.#chosen[line.field] ?? (line[this.stays] ? this.stays : across(this.stays));
  }

  keep(line: MergeField, side: Side): void {
    this.#chosen[line.field] = side;
  }

  /** Merges them; null when that was refused, which `refusal` then tells. */
  async merge(): Promise<PatientSaved | null> {
    const { page, other } = this;
    if (!page || !other || this.busy) return null;
    const sides = { own: page.own, other };
    const [stays, goes] = [sides[this.stays], sides[across(this.stays)]];
    const fields = page.fields.filter((line) => line.own !== line.other && this.keeps(line) !== this.stays).map((line) => line.field);
    let saved: PatientSaved | null = null;
    this.busy = true;
    await this.#ask(async () => {
      saved = await host().mergePatients({
        stays: stays.patient.id,
        stays_version: stays.version,
        goes: goes.patient.id,
        goes_version: goes.version,
        fields,
        comment: this.comment.trim() || null,
      });
    });
    this.busy = false;
    return saved;
  }

  async #ask(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }
}
