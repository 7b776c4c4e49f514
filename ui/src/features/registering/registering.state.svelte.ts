import { host, Refusal, type PatientCheck, type PatientForm, type PatientPage, type PatientRow, type PatientSaved } from "../../host";

/** A form as it is written down between two sessions: what a person entered, and what it belongs to. */
export interface WrittenForm {
  form: PatientForm;
  patient: string | null;
  version: string | null;
  forBooking: boolean;
}

/** How long nothing is typed before the form is looked at, in milliseconds. */
const REST = 250;

/** A patient being written down: somebody new, or a change of somebody. */
export class Registering {
  /** Null until what it offers is there. */
  page = $state.raw<PatientPage | null>(null);
  form = $state<PatientForm | null>(null);
  check = $state.raw<PatientCheck | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  busy = $state(false);
  /** A save was tried, so every problem may be said. */
  tried = $state(false);
  /** Fields that were left, whose problems may be said. */
  left = $state.raw<ReadonlySet<string>>(new Set());
  comment = $state("");
  /** Likely patients that were shown when a save was tried. */
  seen = $state.raw<readonly string[]>([]);
  /** A very old date that was asked about. */
  askedOld = $state<string | null>(null);
  readonly patient: string | null;
  readonly forBooking: boolean;
  #version: string | null = null;
  #typed: string;
  #first = "";
  #asked = "";
  #ticket = 0;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(typed: string, patient: string | null, forBooking: boolean) {
    this.#typed = typed;
    this.patient = patient;
    this.forBooking = forBooking;
  }

  static read({ form, patient, version, forBooking }: WrittenForm): Registering {
    const kept = new Registering("", patient, forBooking);
    kept.form = form;
    kept.#version = version;
    return kept;
  }

  write(): WrittenForm | null {
    if (!this.form || !this.begun) return null;
    return { form: $state.snapshot(this.form), patient: this.patient, version: this.#version, forBooking: this.forBooking };
  }

  /** Whether closing it would lose something. */
  get begun(): boolean {
    return this.form !== null && JSON.stringify(this.form) !== this.#first;
  }

  async open(): Promise<void> {
    this.#closed = false;
    if (this.page) return;
    try {
      const page = await host().patientForm(this.patient, this.#typed);
      this.#first = JSON.stringify(page.form);
      this.#version ??= page.version;
      this.form ??= page.form;
      this.page = page;
    } catch (error) {
      this.#refuse(error);
    }
  }

  leave(field: string): void {
    if (!this.left.has(field)) this.left = new Set([...this.left, field]);
    this.look(0);
  }

  /** Looks at the form once nothing is typed for a moment; a late answer never replaces a newer one. */
  look(rest = REST): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), rest);
  }

  /** The form is not on screen any more: nothing is looked for. */
  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#ticket++;
  }

  async #look(): Promise<void> {
    const form = $state.snapshot(this.form);
    const asked = JSON.stringify(form);
    if (!form || asked === this.#asked) return;
    this.#asked = asked;
    const ticket = ++this.#ticket;
    try {
      const check = await host().checkPatient(form, this.patient);
      if (ticket === this.#ticket) this.check = check;
    } catch (error) {
      if (ticket === this.#ticket) this.#refuse(error);
    }
  }

  problem(field: string): string | null {
    if (!this.tried && !this.left.has(field)) return null;
    return this.check?.problems.find((one) => one.field === field)?.say ?? null;
  }

  /** Saves it; null when it was not, which `check` or `refusal` then tells. */
  async save(): Promise<PatientSaved | null> {
    const form = $state.snapshot(this.form);
    if (this.busy || !form) return null;
    this.tried = true;
    this.busy = true;
    this.refusal = null;
    this.#stop();
    const old_is_right = this.askedOld !== null && this.askedOld === form.birth_date;
    const comment = this.comment.trim() || null;
    try {
      const saved = await (this.patient === null
        ? host().register({ form, seen: [...this.seen], old_is_right, comment })
        : host().changePatient({ patient: this.patient, version: this.#version ?? "", form, old_is_right, comment }));
      this.check = saved.check;
      this.#asked = JSON.stringify(form);
      if (saved.patient) return saved;
      this.seen = saved.check.likely.map(({ patient }) => patient.id);
      this.askedOld = saved.check.very_old ? form.birth_date : null;
      return null;
    } catch (error) {
      this.#refuse(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** The likely patient at `index`. */
  likely(index: number): PatientRow | null {
    return this.check?.likely[index]?.patient ?? null;
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    this.refusal = error;
  }
}
