import { getContext, setContext } from "svelte";
import { Refusal } from "../host";

/** One line of the footer: what was just done, and how to take it back. */
export interface Notice {
  id: number;
  text: string;
  trouble: boolean;
  takeBack: (() => Promise<void>) | null;
}

const KEY = Symbol("notices");
/** How long a change can be taken back, and how long a plain word stays, in milliseconds. */
const UNDO_FOR = 30_000;
const SAY_FOR = 8_000;

/** What the window says without covering work. Lives and dies with the signed-in view, for it may name a patient. */
export class Notices {
  #all = $state.raw<Notice[]>([]);
  #next = 0;
  #timers = new Set<ReturnType<typeof setTimeout>>();

  get newest(): Notice | null {
    return this.#all.at(-1) ?? null;
  }

  say(text: string, takeBack: (() => Promise<void>) | null = null): void {
    this.#add(text, false, takeBack, takeBack ? UNDO_FOR : SAY_FOR);
  }

  /** Tells of a refusal; anything else is a fault of ours and goes up. */
  trouble(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    // The lock screen says these two by being there.
    if (error.code === "locked" || error.code === "signed_out") return;
    this.#add(error.message, true, null, UNDO_FOR);
  }

  async takeBack(): Promise<void> {
    const notice = [...this.#all].reverse().find((n) => n.takeBack);
    if (!notice?.takeBack) return;
    this.close(notice.id);
    try {
      await notice.takeBack();
    } catch (error) {
      this.trouble(error);
    }
  }

  close(id: number): void {
    this.#all = this.#all.filter((n) => n.id !== id);
  }

  clear(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#all = [];
  }

  #add(text: string, trouble: boolean, takeBack: Notice["takeBack"], stay: number): void {
    const id = this.#next++;
    this.#all = [...this.#all, { id, text, trouble, takeBack }];
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.close(id);
    }, stay);
    this.#timers.add(timer);
  }
}

export function provideNotices(): Notices {
  return setContext(KEY, new Notices());
}

export function useNotices(): Notices {
  return getContext<Notices>(KEY);
}
