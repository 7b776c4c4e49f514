/** The rows of a list: a day's name over its visits where there are several days. */
import type { Card, Day, VisitType } from "../../host";

export type Row = { kind: "day"; day: Day; visits: number } | { kind: "visit"; card: Card; day: Day };

/** `whose` is a practitioner's id, or null for everyone. */
export function rowsOf(sheets: readonly { day: Day; shown: readonly Card[] }[], whose: string | null): Row[] {
  return sheets.flatMap(({ day, shown }) => {
    const cards = shown.filter((card) => whose === null || card.practitioner === whose).toSorted((a, b) => a.start_minute - b.start_minute);
    const visits = cards.map((card): Row => ({ kind: "visit", card, day }));
    return sheets.length > 1 && cards.length ? [{ kind: "day", day, visits: cards.length }, ...visits] : visits;
  });
}

/** The visit that the arrows come to: the next one from row `at`, else where they are. -1 where there is none. */
export function stepTo(rows: readonly Row[], at: number, by: number): number {
  const step = Math.sign(by);
  let to = at;
  for (let left = Math.abs(by); left > 0; left--) {
    let next = to + step;
    while (rows[next]?.kind === "day") next += step;
    if (!rows[next]) break;
    to = next;
  }
  return rows[to]?.kind === "visit" ? to : rows.findIndex((row) => row.kind === "visit");
}

/** The class that colours a visit's type; none for one that is not the practice's any more. */
export function typeOf(sheets: readonly { types: ReadonlyMap<string, VisitType> }[], card: Card): string {
  const type = sheets[0]?.types.get(card.visit_type ?? "");
  return type ? `type-${type.color}` : "";
}
