import { addDays, dateOf, minuteOf } from "./time";

/**
 * The practice's wall clock. The program says the time now and then; in between a monotonic clock counts on, so that a
 * wrong clock or zone of this web view shows nowhere.
 */
export class PracticeClock {
  today = $state("");
  minute = $state(0);
  #base = { date: "", seconds: 0, at: 0 };

  /** Takes the time that the program says. */
  set(iso: string): void {
    this.#base = { date: dateOf(iso), seconds: minuteOf(iso) * 60 + Number(iso.slice(17, 19) || 0), at: performance.now() };
    this.#show();
  }

  /** Counts on until stopped. */
  run(): () => void {
    const timer = setInterval(() => this.#show(), 1000);
    return () => clearInterval(timer);
  }

  #show(): void {
    if (!this.#base.date) return;
    const seconds = this.#base.seconds + (performance.now() - this.#base.at) / 1000;
    const days = Math.floor(seconds / 86_400);
    this.today = addDays(this.#base.date, days);
    this.minute = Math.floor((seconds - days * 86_400) / 60);
  }
}
