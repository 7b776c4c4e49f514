import type { Deed } from "../../shared/keys";

/** Shown at once behind patients: more would push the page. */
const MOST = 5;

/** What can be done that fits every typed word by its first letters; behind ">" nothing else is looked for. */
export function fitting(deeds: readonly Deed[], typed: string): readonly Deed[] {
  const alone = typed.startsWith(">");
  const wanted = typed.replace(/^>/, "").toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ([{ does }]: Deed) => {
    const words = does.toLowerCase().split(/[^a-z]+/);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
  const found = deeds.filter(fits);
  return alone || !wanted.length ? found : found.slice(0, MOST);
}
