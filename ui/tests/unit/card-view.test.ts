import { expect, test } from "vitest";
import { MARKS, viewOf } from "../../src/features/schedule/card-view";
import type { AppointmentStatus, Card } from "../../src/host";
import { lookOf } from "../../src/shared/status";
import { morning } from "./card";

const card: Card = { ...morning, status: "fulfilled" };
const place = (item: Card, height: number) => ({ item, top: 0, height, left: 0, width: 1 });
const named = (name: string): Card => ({ ...card, patient: { ...(card.patient as NonNullable<Card["patient"]>), name } });

test("every status but booked shows a word or a shape on every card", () => {
  const statuses: AppointmentStatus[] = ["proposed", "pending", "arrived", "checked-in", "fulfilled", "cancelled", "noshow", "entered-in-error", "waitlist"];
  for (const status of statuses) {
    for (const height of [20, 40, 80]) {
      for (const room of [104, 180, 300]) {
        const view = viewOf(place({ ...card, status }, height), room, "2026-11-23", null);
        expect(view.beside ?? view.below ?? view.mark, `${status} ${height} ${room}`).toBeTruthy();
        if (view.mark) expect(MARKS).toContain(`--${view.mark}:`);
      }
    }
    expect(lookOf(status).icon).not.toBeNull();
  }
});

test("a name runs in its own direction", () => {
  expect(viewOf(place(named("דוגמה, דנה"), 40), 180, "2026-11-23", null).look).toContain("rtl");
  expect(viewOf(place(named("Échantillon, Łucja"), 40), 180, "2026-11-23", null).look).not.toContain("rtl");
});

test("lines begin where the name's line ends, once", () => {
  const wide = viewOf(place(card, 40), 300, "2026-11-23", null);
  expect([wide.beside, wide.lines]).toEqual(["Done", "Acute · 30 min"]);
  const narrow = viewOf(place({ ...card, status: "booked" }, 40), 104, "2026-11-23", null);
  expect([narrow.beside, narrow.lines]).toEqual([null, "\nAcute"]);
});
