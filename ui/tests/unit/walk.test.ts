import { expect, test } from "vitest";
import { firstFree, nextColumn, nextFree, nextInColumn, suggested } from "../../src/features/schedule/walk";
import type { View } from "../../src/features/schedule/view";
import type { AppointmentStatus, Card, Day } from "../../src/host";

function card(id: string, practitioner: string, start_minute: number, status: AppointmentStatus = "booked"): Card {
  return {
    id, practitioner, start_minute, status, end_minute: start_minute + 30, start: "", end: "", patient: null, reason: null, note: null,
    arrived_at: null, status_since: null, provisional: false, lost_time: null, room: null, visit_type: null, called: null, confirmed: false, left: false,
    repeats: null,
  };
}

function column(practitioner: string): Day["columns"][number] {
  const lunch = { start_minute: 720, end_minute: 780, label: "Lunch", hold: null };
  return { practitioner, name: practitioner, hours: [{ start_minute: 480, end_minute: 1020 }], blocks: [lunch], booked: 0, open: 0, as_of: null };
}

const cards = [card("a", "one", 480), card("b", "one", 540), card("c", "two", 555), card("gone", "one", 510, "noshow")];
const day: Day = {
  date: "2026-11-23", today: "2026-11-23", now_minute: 500, as_of: null, columns: [column("one"), column("empty"), column("two")],
  appointments: cards, types: [], waiting: 0, longest_wait: null, beyond: null,
};

test("up and down walk a column, without staying on the same card", () => {
  expect(nextInColumn(cards, "one", 540, -1, "b")?.id).toBe("gone");
  expect(nextInColumn(cards, "one", 480, 1, "a")?.id).toBe("gone");
  expect(nextInColumn(cards, "one", 540, 1, "b")).toBeUndefined();
});

test("visits of one minute are walked one after the other, and back", () => {
  const same = [card("first", "one", 480), ...["a", "b", "c"].map((id) => card(id, "one", 540)), card("last", "one", 600)];
  const down = ["first", "a", "b", "c", "last"];
  for (const [n, id] of down.entries()) {
    const minute = same[n]?.start_minute ?? 0;
    expect([nextInColumn(same, "one", minute, 1, id)?.id, nextInColumn(same, "one", minute, -1, id)?.id]).toEqual([down[n + 1], down[n - 1]]);
  }
});

test("left and right go to the nearest time, past columns without cards", () => {
  expect(nextColumn(day.columns, cards, "one", 540, 1)?.id).toBe("c");
  expect(nextColumn(day.columns, cards, "two", 555, -1)?.id).toBe("b");
  expect(nextColumn(day.columns, cards, "two", 555, 1)).toBeUndefined();
});

test("free time is neither taken, nor blocked out, nor outside the hours", () => {
  expect(nextFree(day, cards, "one", 480, 1)?.minute).toBe(510);
  expect(nextFree(day, cards, "one", 720, 1)?.minute).toBe(780);
  expect(nextFree(day, cards, "one", 1020, 1)).toBeUndefined();
  expect(nextFree(day, cards, "one", 705, -1)?.minute).toBe(705);
});

test("a missed visit gives its time back", () => {
  expect(nextFree(day, cards, "one", 505, 1)?.minute).toBe(510);
});

test("a booking is offered a time that is long enough", () => {
  expect(firstFree(day, cards, 45, "one")?.minute).toBe(570);
  expect(firstFree(day, cards, 30)?.minute).toBe(510);
});

test("where nothing is free any more no time is proposed, rather than one that is taken or past", () => {
  const view: View = { shape: "day", whose: null, wide: false, rooms: false, columns: [] };
  expect(suggested(day, view, null, 30)?.minute).toBe(510);
  expect(suggested({ ...day, now_minute: 1015 }, view, null, 30)).toBeNull();
});
