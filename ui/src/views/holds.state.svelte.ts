import type { DayState } from "../features/schedule/day.state.svelte";
import { host, type Hold } from "../host";
import type { Notices } from "../shared/notices.state.svelte";

/** Held time that is kept for one computer. */
export class Holds {
  /** Another computer's hold that is about to be given up. */
  giving = $state.raw<Hold | null>(null);
  readonly #day: DayState;
  readonly #notices: Notices;

  constructor(day: DayState, notices: Notices) {
    this.#day = day;
    this.#notices = notices;
  }

  /** Keeps a hold for this computer, or gives it up; another computer's is asked about first. */
  async keep(hold: Hold): Promise<void> {
    if (hold.kept === "elsewhere") this.giving = hold;
    else await this.#set(hold, hold.kept === "nobody");
  }

  async giveUp(): Promise<void> {
    const hold = this.giving;
    this.giving = null;
    if (hold) await this.#set(hold, false);
  }

  async #set(hold: Hold, keep: boolean): Promise<void> {
    try {
      await host().keepHold(hold.slot, keep);
    } catch (error) {
      this.#notices.trouble(error);
      return;
    }
    this.#notices.say(keep ? "Kept for walk-ins at this computer" : "Given up: any computer may book there");
    await this.#day.refresh();
  }
}
