import { host, Refusal, type ShellState } from "../host";
import { PracticeClock } from "../shared/practice-clock.state.svelte";

/** The program's own state as this window last heard it. */
export class Shell {
  state = $state.raw<ShellState | null>(host().opening);
  refusal = $state<Refusal | null>(null);
  readonly clock = new PracticeClock();

  constructor() {
    if (this.state) this.clock.set(this.state.now);
  }

  take(state: ShellState): void {
    this.state = state;
    this.clock.set(state.now);
  }

  /** Listens first and asks then, so that no change falls between. */
  watch(): () => void {
    const stopListening = host().onShell((state) => this.take(state));
    const stopClock = this.clock.run();
    void this.#ask();
    return () => {
      stopListening();
      stopClock();
    };
  }

  async #ask(): Promise<void> {
    try {
      this.take(await host().state());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  /** Locks, for the member or for the next one; a refusal cannot be shown better than by asking where the program stands. */
  async lock(close: () => Promise<ShellState> = () => host().lock()): Promise<void> {
    try {
      this.take(await close());
    } catch {
      await this.#ask();
    }
  }
}
