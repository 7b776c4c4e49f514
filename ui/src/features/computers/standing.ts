import type { Computer } from "../../host";
import type { IconName } from "../../shared/icons";
import { clockHalf, dateOf, minuteOf, nearDate } from "../../shared/time";
import { computerWords } from "../../shared/words";

/** How a computer stands: a shape and a word, and since when where that is known. */
export interface Shown {
  icon: IconName;
  tone: string;
  word: string;
  more: string | null;
}

/** "9:52 am" today, else "20 Nov, 4:40 pm". */
export function moment(iso: string, today: string): string {
  const at = clockHalf(minuteOf(iso));
  return dateOf(iso) === today ? at : `${nearDate(dateOf(iso), today)}, ${at}`;
}

export function shown(computer: Computer, today: string): Shown {
  const word = computerWords[computer.state];
  switch (computer.state) {
    case "works":
      return { icon: "check", tone: "arrived", word, more: null };
    case "stopped":
      return { icon: "lock", tone: "prov", word, more: "nobody can work on it" };
    case "forgetting":
      return { icon: "clock", tone: "late", word, more: computer.told && `${moment(computer.told, today)}, no receipt yet` };
    case "forgotten":
      return { icon: "paper", tone: "done", word, more: computer.receipt && `receipt of ${moment(computer.receipt, today)}` };
  }
}

/** Whether what was typed is the computer's name; nobody is held up by a capital or a space too many. */
export function isNameOf(typed: string, computer: Computer): boolean {
  const plain = (text: string) => text.trim().replace(/\s+/g, " ").replace(/[’‘]/g, "'").toLowerCase();
  return plain(typed) !== "" && plain(typed) === plain(computer.name);
}
