import { spanSeconds } from "../../shared/time";

export interface TimeOutChoice {
  /** Null is as long as the practice allows. */
  seconds: number | null;
  word: string;
}

const MINUTES = [1, 2, 3, 5, 10, 15, 20, 30, 45];

/** What a member may choose under a policy of `longest` seconds; what they chose under a longer one stays among it. */
export function choices(longest: number, chosen: number | null): TimeOutChoice[] {
  const shorter = MINUTES.map((minutes) => minutes * 60).filter((seconds) => seconds < longest);
  const own = chosen !== null && chosen < longest && !shorter.includes(chosen) ? [chosen] : [];
  const waits = chosen !== null && chosen >= longest ? [{ seconds: chosen, word: `${spanSeconds(chosen)}, once the practice allows it` }] : [];
  return [
    ...[...shorter, ...own].toSorted((a, b) => a - b).map((seconds) => ({ seconds, word: spanSeconds(seconds) })),
    { seconds: null, word: `${spanSeconds(longest)}, as the practice allows` },
    ...waits,
  ];
}
