import type { Card, Column, Day } from "../../host";
import { isStruck } from "../../shared/status";
import type { DayState } from "./day.state.svelte";
import { inRoom, NO_ROOM, roomColumns } from "./rooms";
import { chosen } from "./view";

/** Where visits stand that name no provider, or one without a column: at the right edge, rather than nowhere. */
const STRAY = "";

function strayColumn(booked: number): Column {
  return { practitioner: STRAY, name: "No provider", hours: [], blocks: [], booked, open: 0, as_of: null };
}

/** What a reading says of the day itself, and not of when it was read. */
function same<T extends object>(a: T[], b: T[]): boolean {
  const written = (parts: T[]) => JSON.stringify(parts.map((part) => ({ ...part, as_of: null })));
  return a === b || written(a) === written(b);
}

function freshnessOf(day: Day): ReadonlyMap<string, string | null> {
  return new Map(day.columns.map((column) => [column.practitioner, column.as_of]));
}

/** A whole day as it was read; without a digest where nobody told one. */
export interface Reading {
  day: Day;
  digest: string | null;
}

/**
 * A day as it is drawn. Each part follows from no more than it needs, so that a newer reading that says the same draws
 * nothing anew.
 */
export class Sheet {
  day: Day;
  /** As of when each provider's day is whole, by the newest reading. */
  freshness: ReadonlyMap<string, string | null>;
  /** Of the day as it was told, while nothing was painted into it since. */
  digest: string | null;
  readonly #desk: DayState;

  constructor(desk: DayState, { day, digest }: Reading) {
    this.#desk = desk;
    this.digest = digest;
    this.day = $state.raw(day);
    this.freshness = $state.raw(freshnessOf(day));
  }

  readonly #everybody = $derived.by(() => this.day.columns);
  /** Whether its columns are rooms. */
  readonly #rooms = $derived.by(() => this.#desk.byRooms);
  readonly #columns = $derived.by(() => (this.#desk.view.shape === "day" ? chosen(this.#everybody, this.#desk.view.columns) : this.#everybody));
  readonly #appointments = $derived.by(() => this.day.appointments);
  /** The card that is struck and yet shown, since it is selected. */
  readonly #kept = $derived.by(() => {
    const { sheet, selectedId } = this.#desk;
    return sheet === this && this.#appointments.some((card) => card.id === selectedId && isStruck(card.status)) ? selectedId : null;
  });
  readonly #known = $derived(new Set(this.#everybody.map((column) => column.practitioner)));
  /** Who has no column, since others were chosen. */
  readonly #hidden = $derived(new Set(this.#everybody.filter((column) => !this.#columns.includes(column)).map((column) => column.practitioner)));
  /** Cards on the sheet, each with the column it stands in; struck ones only when asked for, or while selected. */
  readonly shown = $derived(
    this.#appointments
      .filter((card) => this.#rooms || card.practitioner === null || !this.#hidden.has(card.practitioner))
      .filter((card) => this.#desk.showStruck || !isStruck(card.status) || card.id === this.#kept)
      .map((card) => (this.#rooms ? inRoom(card) : card.practitioner !== null && this.#known.has(card.practitioner) ? card : { ...card, practitioner: STRAY })),
  );
  readonly columns = $derived.by(() => {
    if (this.#rooms) return roomColumns(this.day, this.#desk.rooms).filter((column) => column.practitioner !== NO_ROOM || this.shown.some((card) => card.practitioner === NO_ROOM));
    const strays = this.shown.filter((card) => card.practitioner === STRAY).length;
    return [...this.#columns, ...(strays ? [strayColumn(strays)] : [])];
  });
  /** The cards of each column. */
  readonly cards = $derived.by(() => {
    const places = this.#rooms ? this.columns.map((column) => column.practitioner) : this.#known;
    const cards = new Map<string, Card[]>([...places, STRAY].map((practitioner) => [practitioner, []]));
    for (const card of this.shown) cards.get(card.practitioner ?? STRAY)?.push(card);
    return cards;
  });
  readonly #types = $derived.by(() => this.day.types);
  /** The practice's types of visit, by their codes. */
  readonly types = $derived(new Map(this.#types.map((type) => [type.code, type])));
  readonly spans = $derived([...this.#columns.flatMap((column) => [...column.hours, ...column.blocks]), ...this.#appointments]);
  readonly struck = $derived(this.#appointments.filter((card) => isStruck(card.status)).length);

  /** The day again, of which nothing but when it was read is new. */
  again(day: Day): Reading {
    const { columns, appointments, types } = this.day;
    // All columns are as fresh as the day.
    return { day: { ...day, columns: columns.map((column) => ({ ...column, as_of: day.as_of })), appointments, types }, digest: this.digest };
  }

  /** Takes another reading, of this day or of another. */
  take({ day, digest }: Reading): void {
    const { columns, appointments, types } = this.day;
    this.digest = digest;
    this.freshness = freshnessOf(day);
    this.day = {
      ...day,
      columns: same(columns, day.columns) ? columns : day.columns,
      appointments: same(appointments, day.appointments) ? appointments : day.appointments,
      types: same(types, day.types) ? types : day.types,
    };
  }

  /** Paints a change that was made here, before it is read. */
  paint(appointments: Card[]): void {
    this.digest = null;
    this.day = { ...this.day, appointments };
  }
}
