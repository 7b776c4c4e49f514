import { host, type Settings, type SettingsPage } from "../host";
import { glance } from "./glance.state.svelte";
import { theme } from "./theme.state.svelte";

/** For whoever chose nothing. */
export const usual: Settings = { time_out_seconds: null, theme: "system", single_keys: true, hide_names_behind: false };

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

  #show(chosen: Settings): void {
    this.chosen = chosen;
    glance.hideWhenAway(chosen.hide_names_behind);
    if (theme.choice !== chosen.theme) theme.choose(chosen.theme);
  }
}

/** What the member at work chose for themselves; the program keeps it. */
export const own = new Own();
