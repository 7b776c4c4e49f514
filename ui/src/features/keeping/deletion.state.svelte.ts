import { host, Refusal, type DeletionChange, type DeletionPage } from "../../host";

/** Whether the practice is to be deleted, as the host last told, and the admin's wish. */
export class DeletionState {
  page = $state.raw<DeletionPage | null>(null);
  /** Why it could not be read. */
  refusal = $state<Refusal | null>(null);
  /** Why the last wish was not taken. */
  refused = $state<Refusal | null>(null);
  busy = $state(false);

  async read(): Promise<void> {
    try {
      this.page = await host().deletion();
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  /** True when the host has taken the wish. */
  async ask(change: DeletionChange): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      this.page = await host().setDeletion(change);
      this.refused = null;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refused = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
