import { tick } from "svelte";
import type { DayState } from "../features/schedule/day.state.svelte";
import { host, type Day } from "../host";
import type { Notices } from "../shared/notices.state.svelte";

/** The day on paper: handed to a printer, or put into a file. */
export class Paper {
  printing = $state.raw<Day | null>(null);
  #saving = false;
  readonly #day: DayState;
  readonly #notices: Notices;

  constructor(day: DayState, notices: Notices) {
    this.#day = day;
    this.#notices = notices;
  }

  /** Reads the day as a print, which is recorded, draws it on paper's sheet and hands it to the printer. */
  async print(): Promise<void> {
    const date = this.#day.day?.date;
    if (!date || this.printing) return;
    try {
      this.printing = await host().printDay(date);
    } catch (error) {
      this.#notices.trouble(error);
      return;
    }
    await tick();
    window.print();
    this.printing = null;
  }

  /** For when nothing else works. */
  async save(): Promise<void> {
    const date = this.#day.day?.date;
    if (!date || this.#saving) return;
    this.#saving = true;
    try {
      const { file, folder, pages } = await host().saveDay(date);
      this.#notices.say(`Saved ${pages === 1 ? "one page" : `${pages} pages`}: ${file} in ${folder}. Not encrypted: delete it after use.`);
    } catch (error) {
      this.#notices.trouble(error);
    } finally {
      this.#saving = false;
    }
  }
}
