import { host, type Settings, type SettingsPage, type TextSize } from "../host";
import { glance } from "./glance.state.svelte";
import { theme } from "./theme.state.svelte";

/** For whoever chose nothing. */
export const usual: Settings = { time_out_seconds: null, text_size: "usual", density: "usual", theme: "system", single_keys: true, hide_names_behind: false, views: [] };

/** From as it is drawn to the largest. */
export const sizes: readonly TextSize[] = ["usual", "large", "larger", "largest"];

class Own {
  chosen = $state.raw<Settings>(usual);
  /** Seconds: the practice's time-out for this member here. */
  longest = $state(0);

  take({ chosen, longest_seconds }: SettingsPage): void {
    this.longest = longest_seconds;
    this.#show(chosen);
  }

  /** Shows a change at once, and takes it back when the program refuses it. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.chosen;
    this.#show({ ...before, ...part });
    try {
      this.take(await host().setSettings(this.chosen));
    } catch (error) {
      this.#show(before);
      throw error;
    }
  }

  /** One step larger or smaller, or back to as it is drawn. */
  async resize(step: -1 | 0 | 1): Promise<void> {
    const at = sizes.indexOf(this.chosen.text_size);
    const to = step ? sizes[at + step] : "usual";
    if (to && to !== this.chosen.text_size) await this.change({ text_size: to });
  }

  #show(chosen: Settings): void {
    this.chosen = chosen;
    glance.hideWhenAway(chosen.hide_names_behind);
    if (theme.choice !== chosen.theme) theme.choose(chosen.theme);
  }
}

/** What the member at work chose for themselves; the program keeps it. */
export const own = new Own();
