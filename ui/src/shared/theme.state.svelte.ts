/* eslint-disable no-restricted-globals -- the theme is the one thing kept in the browser's storage; it says nothing of anyone */
export type ThemeChoice = "system" | "light" | "dark";

const KEY = "shadowchart.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function kept(): ThemeChoice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

class Theme {
  choice = $state<ThemeChoice>(kept());

  constructor() {
    dark.addEventListener("change", () => this.#show());
    this.#show();
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
    this.#show();
  }

  #show(): void {
    const isDark = this.choice === "dark" || (this.choice === "system" && dark.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  }
}

/** Light, dark, or as the system is; shown on the document as `data-theme`. */
export const theme = new Theme();
