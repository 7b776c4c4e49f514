/**
 * The privacy glance: whether what names a patient, or tells of them, can be read on screen. The document says so as
 * `data-names`, and what is `private` follows (shared/theme/glance.css); what is read out stays as it is.
 *
 * Whoever wants names hidden while they are elsewhere loses them once the window has neither the keyboard nor the
 * pointer: at work on another screen, they read this one by pointing at it.
 */
class Glance {
  hidden = $state(false);
  /** Hidden by the key, and not for being elsewhere. */
  asked = $state(false);
  #whenAway = false;
  #keyboard = document.hasFocus();
  #pointer = false;

  constructor() {
    const root = document.documentElement;
    window.addEventListener("focus", () => this.#has({ keyboard: true }));
    window.addEventListener("blur", () => this.#has({ keyboard: false }));
    root.addEventListener("pointerenter", () => this.#has({ pointer: true }));
    root.addEventListener("pointerleave", () => this.#has({ pointer: false }));
  }

  ask(hidden: boolean): void {
    this.asked = hidden;
    this.#show();
  }

  hideWhenAway(on: boolean): void {
    this.#whenAway = on;
    this.#show();
  }

  #has({ keyboard = this.#keyboard, pointer = this.#pointer }): void {
    this.#keyboard = keyboard;
    this.#pointer = pointer;
    this.#show();
  }

  #show(): void {
    this.hidden = this.asked || (this.#whenAway && !this.#keyboard && !this.#pointer);
    const { dataset } = document.documentElement;
    if (!this.hidden) return void delete dataset["names"];
    dataset["names"] = "hidden";
    // The pointer is told the whole of what is cut short.
    document.querySelectorAll(".private[title]").forEach((node) => node.removeAttribute("title"));
  }
}

export const glance = new Glance();
