import { host, Refusal, type AppointmentDetail } from "../../host";

/** Reading a detail is a look into a record, so walking past a card does not read it. */
const SETTLE = 140;

/** The selected appointment's detail; what is shown never belongs to another card than the one asked for. */
export class DetailState {
  detail = $state.raw<AppointmentDetail | null>(null);
  refusal = $state<Refusal | null>(null);
  #wanted: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks for an appointment once the selection rests on it. */
  want(id: string): void {
    const known = this.#wanted === id;
    this.#wanted = id;
    if (!known) {
      this.detail = null;
      this.refusal = null;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(id), known ? 0 : SETTLE);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.detail = null;
  }

  async #read(id: string): Promise<void> {
    try {
      const detail = await host().appointment(id);
      if (this.#wanted === id) {
        this.detail = detail;
        this.refusal = null;
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (this.#wanted === id) this.refusal = error;
    }
  }
}
