import type { Card } from "../../src/host";

/** Half an hour on a Monday morning; each test gives it the status and the story that it is about. */
export const morning: Card = {
  id: "a",
  start: "2026-11-23T09:30:00-06:00",
  end: "2026-11-23T10:00:00-06:00",
  start_minute: 570,
  end_minute: 600,
  status: "booked",
  practitioner: "p",
  patient: { id: "x", name: "Sample, June", birth_date: null, age: null, gender: null, record_number: null, phone: null },
  reason: "Acute",
  note: null,
  arrived_at: null,
  status_since: null,
  provisional: false,
  lost_time: null,
  repeats: null,
  room: null,
  visit_type: null,
  called: null,
  confirmed: false,
  left: false,
};
