import { host, Refusal, type KeepingPage } from "../../host";

/** How the host keeps the practice, as it last told. */
export class KeepingState {
  page = $state.raw<KeepingPage | null>(null);
  /** Why it could not be read. */
  refusal = $state<Refusal | null>(null);

  async read(): Promise<void> {
    try {
      this.page = await host().keeping();
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }
}
