import { host, Refusal, type Changed, type GivenUpLine, type OutboxLine, type Take } from "../../host";

/** What waits for the host, what it refused, and what was given up lately. */
export class OutboxState {
  lines = $state.raw<OutboxLine[] | null>(null);
  given = $state.raw<GivenUpLine[]>([]);
  refusal = $state<Refusal | null>(null);
  busy = $state<string | null>(null);

  async read(): Promise<void> {
    try {
      [this.lines, this.given] = await Promise.all([host().outbox(), host().givenUp()]);
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  async retry(change: string): Promise<void> {
    await this.#act(change, () => host().retry(change));
  }

  async handOn(change: string, member: string): Promise<void> {
    await this.#act(change, () => host().handOn(change, member));
  }

  async withdraw(change: string): Promise<void> {
    await this.#act(change, () => host().withdraw(change));
  }

  /** Whether it was done. */
  async settle(line: OutboxLine, take: Take): Promise<boolean> {
    return (await this.#act(line.change, () => host().settle(line.change, take, line.conflict?.version ?? null).then(() => true))) ?? false;
  }

  async bringBack(change: string): Promise<Changed | null> {
    return this.#act(change, () => host().bringBack(change));
  }

  async #act<T>(change: string, work: () => Promise<T>): Promise<T | null> {
    this.busy = change;
    try {
      const done = await work();
      await this.read();
      return done;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return null;
    } finally {
      this.busy = null;
    }
  }
}
