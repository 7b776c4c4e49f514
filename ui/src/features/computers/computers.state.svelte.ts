import { host, Refusal, type Computer, type Standing } from "../../host";

/** The practice's computers, as the host last told of them, and the admin's orders. */
export class ComputersState {
  all = $state.raw<Computer[] | null>(null);
  /** Why the list could not be read. */
  refusal = $state<Refusal | null>(null);
  /** Why the last order was not taken. */
  refused = $state<Refusal | null>(null);
  busy = $state(false);
  /** What was done last, in a sentence. */
  said = $state("");
  #orders = 0;
  /** The computer whose receipt was spoken of. */
  #awaited: string | null = null;

  async read(): Promise<void> {
    const before = this.#orders;
    try {
      const all = await host().computers();
      // A list that was asked for before an order does not know of it.
      if (this.#orders === before) this.#take(all);
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  /** What was to come is said until it has come. */
  #take(all: Computer[]): void {
    this.all = all;
    const there = all.find(({ id, receipt }) => id === this.#awaited && receipt);
    if (!there) return;
    this.#awaited = null;
    this.said = `${there.name} has forgotten the practice. Its receipt is here.`;
  }

  /** True when the host has taken the order. */
  async order(computer: Computer, standing: Standing, comment: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.said = "";
    this.#awaited = null;
    this.#orders += 1;
    try {
      const now = await host().setComputer({ computer: computer.id, standing, comment: comment.trim() || null });
      this.all = (this.all ?? []).map((one) => (one.id === now.id ? now : one));
      this.refused = null;
      this.said = sentence(now, standing);
      if (standing === "wipe") this.#awaited = now.id;
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

function sentence({ name }: Computer, standing: Standing): string {
  switch (standing) {
    case "works":
      return `${name} may work again.`;
    case "stopped":
      return `${name} is stopped. It locks when it next reaches the host.`;
    case "wipe":
      return `${name} forgets the practice when it next reaches the host. Its receipt shows here.`;
  }
}
