import { expect, test } from "vitest";
import { Seats } from "../../src/features/schedule/seats";

test("who stays keeps the seat, whatever comes and goes around", () => {
  const seats = new Seats();
  expect(seats.take(["a", "b", "c"])).toEqual([0, 1, 2]);
  expect(seats.take(["c", "x", "b"])).toEqual([2, 0, 1]);
  expect(seats.take(["b", "y", "z", "c", "x"])).toEqual([1, 3, 4, 2, 0]);
});

test("another day takes the seats of the one before", () => {
  const seats = new Seats();
  seats.take(["a", "b", "c"]);
  expect(seats.take(["d", "e"])).toEqual([0, 1]);
  expect(seats.take([])).toEqual([]);
  expect(seats.take(["f"])).toEqual([0]);
});
