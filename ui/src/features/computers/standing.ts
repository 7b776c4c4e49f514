import type { Computer } from "../../host";
import type { IconName } from "../../shared/icons";
import { moment, momentInWords } from "../../shared/time";
import { computerWords } from "../../shared/words";

/** How a computer stands: a shape and a word, and since when where that is known. */
export interface Shown {
  icon: IconName;
  tone: string;
  word: string;
  more: string | null;
}

export function shown(computer: Computer, today: string): Shown {
  const word = computerWords[computer.state];
  switch (computer.state) {
    case "works":
      return { icon: "check", tone: "arrived", word, more: computer.has_key ? null : "nobody has signed in there" };
    case "stopped":
      return { icon: "lock", tone: "prov", word, more: "nobody can work on it" };
    case "forgetting":
      return { icon: "clock", tone: "late", word, more: computer.told && `${moment(computer.told, today)}, no receipt yet` };
    case "forgotten":
      return { icon: "paper", tone: "done", word, more: computer.receipt && `receipt of ${moment(computer.receipt, today)}` };
  }
}

/** What is told of a copied sign-in: what happened, what it means, what to do. */
export function copied({ name, copied, state }: Computer, today: string): string | null {
  if (!copied) return null;
  const stop = state === "works" ? "Stop or wipe the computer if it is lost. " : "";
  return `Somebody else may have used a sign-in that was made at ${name}: a copy of it was shown to the host ${momentInWords(copied, today)}. The host ended it. ${stop}Have whoever works there choose a new password, and have the computer looked at.`;
}

/** When it was last in touch, and whether that is long ago. */
export function contact(computer: Computer, today: string): { at: string; quiet: string | null; used: string } {
  return {
    at: computer.seen ? moment(computer.seen, today) : "not yet",
    quiet: computer.quiet_days ? `${computer.quiet_days} days without a word` : null,
    used: computer.last_used ? `used ${moment(computer.last_used, today)}` : "never used",
  };
}

/** "0.1.0 · policy 7", as far as it has told. */
export function runs({ program, policy }: Computer): string {
  return [program, policy && `policy ${policy}`].filter(Boolean).join(" · ") || "not told yet";
}

/** Whether what was typed is the computer's name; nobody is held up by a capital or a space too many. */
export function isNameOf(typed: string, computer: Computer): boolean {
  const plain = (text: string) => text.trim().replace(/\s+/g, " ").replace(/[’‘]/g, "'").toLowerCase();
  return plain(typed) !== "" && plain(typed) === plain(computer.name);
}
