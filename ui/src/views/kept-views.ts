import type { DayState } from "../features/schedule/day.state.svelte";
import { nameOf, withView } from "../features/schedule/saved";
import type { SavedView } from "../host";
import type { Notices } from "../shared/notices.state.svelte";
import { own } from "../shared/own.state.svelte";

/** The views of the schedule that a member keeps on keys of their own. */
export class KeptViews {
  readonly #day: DayState;
  readonly #notices: Notices;

  constructor(day: DayState, notices: Notices) {
    this.#day = day;
    this.#notices = notices;
  }

  /** Keeps what is shown. */
  async keep(key: number, name?: string): Promise<void> {
    const { day, view } = this.#day;
    const called = name ?? nameOf(view, day?.columns ?? []);
    await this.#set(withView(own.chosen.views, { ...view, key, name: called }), `“${called}” is kept on F${key}`);
  }

  async forget(key: number): Promise<void> {
    await this.#set(own.chosen.views.filter((view) => view.key !== key), `Nothing is kept on F${key} any more`);
  }

  async show(key: number): Promise<void> {
    const view = own.chosen.views.find((one) => one.key === key);
    if (!view) return this.#notices.say(`Nothing is kept on F${key}. Shift with F${key} keeps what is shown.`);
    const { shape, wide, whose, columns, rooms = false } = view;
    await this.#day.turn({ shape, wide, whose, columns, rooms });
  }

  async #set(views: SavedView[], say: string): Promise<void> {
    try {
      await own.change({ views });
      this.#notices.say(say);
    } catch (error) {
      this.#notices.trouble(error);
    }
  }
}
