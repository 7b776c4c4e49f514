/* eslint-disable no-restricted-globals -- a setting of this window; it says nothing of anyone */
const KEY = "shadowchart.single-keys";

class SingleKeys {
  on = $state(localStorage.getItem(KEY) !== "off");

  set(on: boolean): void {
    this.on = on;
    localStorage.setItem(KEY, on ? "on" : "off");
  }
}

/** Whether plain letters act (WCAG 2.1.4): people who dictate turn them off; the buttons and Ctrl keys stay. */
export const singleKeys = new SingleKeys();
