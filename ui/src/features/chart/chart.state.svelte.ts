import { host, Refusal, type Chart } from "../../host";

/** One patient's chart. A late answer for another patient is thrown away. */
export class ChartState {
  readonly patient: string;
  chart = $state.raw<Chart | null>(null);
  refusal = $state<Refusal | null>(null);
  #ticket = 0;

  constructor(patient: string) {
    this.patient = patient;
  }

  async read(): Promise<void> {
    const ticket = ++this.#ticket;
    try {
      const chart = await host().chart(this.patient);
      if (ticket !== this.#ticket) return;
      this.chart = chart;
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (ticket === this.#ticket) this.refusal = error;
    }
  }
}
