import { host, Refusal, type Chart } from "../../host";

/** One patient's chart. A late answer for another patient is thrown away. */
export class ChartState {
  readonly patient: string;
  chart = $state.raw<Chart | null>(null);
  refusal = $state<Refusal | null>(null);
  /** Whether the rest of it is on its way from the host. */
  fetching = $state(false);
  /** Why it did not come. */
  unfetched = $state<Refusal | null>(null);
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

  /** Asks the host for all of the chart, of which this computer keeps no more than a part. */
  async fetch(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    this.unfetched = null;
    try {
      this.chart = await host().fetchChart(this.patient);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.unfetched = error;
    } finally {
      this.fetching = false;
    }
  }
}
