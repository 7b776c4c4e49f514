/* eslint-disable no-restricted-globals -- the theme is the one thing kept in the browser's storage; it says nothing of anyone */
import type { Theme as Choice } from "../host";

const KEY = "shadowchart.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function kept(): Choice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

class Theme {
  choice = $state<Choice>(kept());
  shown = $state<"light" | "dark">("light");

  constructor() {
    dark.addEventListener("change", () => this.#show());
    this.#show();
  }

  choose(choice: Choice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
    this.#show();
  }

  #show(): void {
    const isDark = this.choice === "dark" || (this.choice === "system" && dark.matches);
    const shown = isDark ? "dark" : "light";
    document.documentElement.dataset["theme"] = shown;
    this.shown = shown;
  }
}

/** Light, dark, or as the system is; shown on the document as `data-theme`. Kept here for the screens before an unlock. */
export const theme = new Theme();
