import { host, Refusal, type OutboxLine, type Take } from "../../host";

/** What waits for the host, and what it refused. */
export class OutboxState {
  lines = $state.raw<OutboxLine[] | null>(null);
  refusal = $state<Refusal | null>(null);
  busy = $state<string | null>(null);

  async read(): Promise<void> {
    try {
      this.lines = await host().outbox();
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

  async settle(line: OutboxLine, take: Take): Promise<void> {
    await this.#act(line.change, () => host().settle(line.change, take, line.conflict?.version ?? null));
  }

  async #act(change: string, work: () => Promise<void>): Promise<void> {
    this.busy = change;
    try {
      await work();
      await this.read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    } finally {
      this.busy = null;
    }
  }
}
