import { host, type CallOutcome, type ListChanged } from "../../host";
import type { Notices } from "../../shared/notices.state.svelte";

/** Makes a change of a list, says so with its undo, and reads the list again. Whether it was made. */
export async function change(notices: Notices, read: () => Promise<void>, work: () => Promise<ListChanged>): Promise<boolean> {
  let made = false;
  try {
    const { say, change } = await work();
    made = true;
    notices.say(say, async () => {
      notices.say((await host().undoList(change)).say);
      await read();
    });
  } catch (error) {
    notices.trouble(error);
  }
  await read();
  return made;
}

/** Writes down what came of a call. */
export function noted(about: string, outcome: CallOutcome, note: string | null = null): Promise<ListChanged> {
  return host().noteCall({ about, outcome, note });
}

/** What changes these lists. */
export const told = (kinds: readonly string[]): boolean => kinds.some((kind) => ["Appointment", "Communication", "Task", "Patient"].includes(kind));
