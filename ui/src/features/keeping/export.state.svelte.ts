import { host, Refusal, type ExportPage } from "../../host";

/** How often a running export is asked how far it is, in milliseconds. */
const EVERY = 400;

/** The export into a file on this computer. It goes on while other pages are shown; a lock ends it. */
export class ExportingState {
  page = $state.raw<ExportPage | null>(null);
  /** Why it was not begun, or can't be told of. */
  refused = $state<Refusal | null>(null);
  busy = $state(false);
  #later: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  readonly running = $derived(this.page?.current?.state === "running");

  async read(): Promise<void> {
    await this.#take(() => host().exporting());
  }

  /** True when the host has begun to send. */
  async begin(history: boolean): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const begun = await this.#take(() => host().exportPractice(history));
    this.busy = false;
    return begun;
  }

  async cancel(): Promise<void> {
    await this.#take(async () => {
      await host().cancelExport();
      return host().exporting();
    });
  }

  /** The page is gone: nobody looks on. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#later);
  }

  async #take(ask: () => Promise<ExportPage>): Promise<boolean> {
    try {
      this.page = await ask();
      this.refused = null;
      clearTimeout(this.#later);
      if (this.running && !this.#stopped) this.#later = setTimeout(() => void this.read(), EVERY);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refused = error;
      return false;
    }
  }
}
