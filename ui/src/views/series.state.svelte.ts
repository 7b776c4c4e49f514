import type { DayState } from "../features/schedule/day.state.svelte";
import { host, type Card, type Scope, type SeriesAct, type SeriesChanged } from "../host";
import type { Notices } from "../shared/notices.state.svelte";

/** What is done with visits that repeat: of which of them a change is meant, and how all of it is taken back. */
export class SeriesWork {
  /** A change that was asked for, before it is said of which visits; `alone` makes it of the one. */
  asking = $state.raw<{ card: Card; act: SeriesAct; alone: () => Promise<void> } | null>(null);
  readonly #day: DayState;
  readonly #notices: Notices;
  readonly #reread: () => Promise<void>;

  constructor(day: DayState, notices: Notices, reread: () => Promise<void>) {
    this.#day = day;
    this.#notices = notices;
    this.#reread = reread;
  }

  /** Asks of which visits it is meant, where there are others. */
  async ask(card: Card, act: SeriesAct, alone: () => Promise<void>): Promise<void> {
    if (card.repeats) this.asking = { card, act, alone };
    else await alone();
  }

  /** Null is the one alone. */
  async answer(scope: Scope | null): Promise<void> {
    const asked = this.asking;
    this.asking = null;
    if (!asked) return;
    if (scope === null) return asked.alone();
    try {
      await this.show(await host().changeSeries({ appointment: asked.card.id, scope, act: asked.act }));
    } catch (error) {
      this.#notices.trouble(error);
    }
  }

  /** Shows what was done with several visits, and takes all of it back when asked. */
  async show({ say, changes, card }: SeriesChanged): Promise<void> {
    this.#day.put(card);
    this.#day.select(card);
    this.#notices.say(say, async () => {
      this.#notices.say((await host().undoSeries(changes)).say);
      await this.#reread();
    });
    await this.#reread();
  }
}
