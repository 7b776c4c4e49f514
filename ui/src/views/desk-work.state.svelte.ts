// Long because all that a person does on the day meets here; registering is to have a class of its own.
import { DetailState } from "../features/appointment/detail.state.svelte";
import { Draft } from "../features/booking/draft.state.svelte";
import { Registering } from "../features/registering/registering.state.svelte";
import type { Chosen } from "../features/openings/openings.state.svelte";
import { DayState } from "../features/schedule/day.state.svelte";
import { Moving } from "../features/schedule/move.state.svelte";
import { placeOf } from "../features/schedule/rooms";
import { suggested, type Slot } from "../features/schedule/walk";
import { host, Refusal, type AppointmentStatus, type Card, type Changed, type MarkedStep, type MoveRequest, type Offers, type PatientRow, type PatientSaved, type WaitlistChanged, type SeriesChanged } from "../host";
import { canMove, comes } from "../shared/status";
import type { Notices } from "../shared/notices.state.svelte";
import { wallClock } from "../shared/time";
import { Holds } from "./holds.state.svelte";
import { KeptViews } from "./kept-views";
import type { LeftOff } from "./left-off";
import { Noting } from "./noting.state.svelte";
import { Paper } from "./paper.state.svelte";
import type { Recalling, Seeking } from "./seeking";
import { SeriesWork } from "./series.state.svelte";

/**
 * What a person does on the day: it joins the schedule, the selected appointment and the booking, which do not know each
 * other. Lives as long as the member is at work, and no longer.
 */
export class DeskWork {
  readonly day = new DayState();
  readonly detail = new DetailState();
  readonly views: KeptViews;
  readonly holds: Holds;
  readonly paper: Paper;
  readonly noting: Noting;
  readonly series: SeriesWork;
  draft = $state.raw<Draft | null>(null);
  booking = $state(false);
  /** The draft on screen was begun earlier. */
  kept = $state(false);
  /** A patient being written down. */
  registering = $state.raw<Registering | null>(null);
  /** Visits whose patients have arrived with alerts that nobody has seen. */
  unseen = $state.raw<ReadonlySet<string>>(new Set());
  moving = $state.raw<Moving | null>(null);
  /** Visits on the pinboard, as they stood when they were pinned. */
  pins = $state.raw<Card[]>([]);
  cancelling = $state.raw<Card | null>(null);
  changing = $state.raw<Card | null>(null);
  /** The visit that another time is looked for, since its own was taken. */
  rebooking = $state.raw<Card | null>(null);
  seeking = $state.raw<Seeking | null>(null);
  /** Somebody is due for another visit. */
  recalling = $state.raw<Recalling | null>(null);
  /** Somebody is put on the waitlist. */
  joining = $state.raw<{ words: string; patient: PatientRow | null } | null>(null);
  /** Time that became free and would suit somebody on the waitlist. */
  freed = $state.raw<Offers | null>(null);
  offering = $state(false);
  overlap = $state.raw<{ say: string; wish: MoveRequest } | null>(null);
  busy = $state(false);
  /** One that was closed half written. */
  #unsaved: Registering | null = null;
  /** The visit that was set down last, as it was before. */
  #carried: Card | null = null;
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
    this.views = new KeptViews(this.day, notices);
    this.holds = new Holds(this.day, notices);
    this.paper = new Paper(this.day, notices);
    this.noting = new Noting(notices);
    this.series = new SeriesWork(this.day, notices, () => this.changedElsewhere());
  }

  /** Goes where the member left off. */
  comeBack(left: LeftOff | null): void {
    if (left?.draft) {
      this.draft = Draft.read(left.draft);
      this.booking = left.booking;
      this.kept = true;
    }
    if (left?.registering) this.registering = Registering.read(left.registering);
    if (left?.pins.length) void this.#pinAgain(left.pins);
    this.unseen = new Set(left?.unseen);
    this.noting.comeBack(left?.notes ?? []);
    this.day.selectedId = left?.appointment ?? null;
    void this.day.show(left?.date ?? null, left?.view);
  }

  /** What is half done. */
  unfinished(): Pick<LeftOff, "draft" | "booking" | "pins" | "unseen" | "registering" | "notes"> {
    const registering = this.registering ?? this.#unsaved;
    const pins = this.pins.map((pin) => pin.id);
    return { pins, unseen: [...this.unseen], notes: this.noting.unfinished(), draft: this.draft?.begun ? this.draft.write() : null, booking: this.booking, registering: registering?.write() ?? null };
  }

  /** Rows changed elsewhere: read again what is on screen. */
  async changedElsewhere(): Promise<void> {
    await this.day.refresh();
    if (this.day.selected) this.detail.want(this.day.selected.id);
  }

  async setStatus(card: Card, status: AppointmentStatus, reason: string | null = null): Promise<void> {
    await this.#change(async () => {
      const changed = await host().setStatus({ appointment: card.id, status, reason, comment: null });
      // Before it is shown: a quick next key would be ahead of them.
      if (comes(card.status, changed.card.status)) await this.#wantSeen(card);
      return changed;
    });
    if (status === "cancelled" || status === "noshow") await this.offer(card);
  }

  async mark(card: Card, step: MarkedStep): Promise<void> {
    await this.#change(() => host().markStep({ appointment: card.id, step, comment: null }));
  }

  /** Whoever comes with alerts has them seen before the visit goes on. */
  async #wantSeen(card: Card): Promise<void> {
    try {
      const { alerts } = await host().appointment(card.id);
      if (alerts.length) this.unseen = new Set([...this.unseen, card.id]);
    } catch (error) {
      this.#notices.trouble(error);
    }
  }

  async see(card: Card): Promise<void> {
    try {
      await host().seeAlerts(card.id);
    } catch (error) {
      return this.#notices.trouble(error);
    }
    this.unseen = new Set([...this.unseen].filter((id) => id !== card.id));
  }

  async cancel(reason: string): Promise<void> {
    const card = this.cancelling;
    this.cancelling = null;
    if (card) await this.series.ask(card, { cancel: reason }, () => this.setStatus(card, "cancelled", reason));
  }

  startMove(card: Card): void {
    this.booking = false;
    this.moving = new Moving(card, true, this.day.byRooms);
  }

  /** Books the same again, at a time to be chosen. What is half typed stays. */
  copy(card: Card): void {
    const type = this.day.day?.types.find(({ active, code }) => active && code === card.visit_type);
    this.bookAgain(card.patient, card.end_minute - card.start_minute, card.reason, type?.code);
  }

  /** Puts a visit on the pinboard, or takes it off. It stays booked where it is. */
  pin(card: Card): void {
    const others = this.pins.filter((pin) => pin.id !== card.id);
    if (others.length < this.pins.length) this.pins = others;
    else if (canMove(card.status)) this.pins = [...others, card];
  }

  /** Takes a pinned visit up, to be set down on the day shown; without one, the one after that in hand. */
  takeUp(card?: Card): void {
    const at = this.pins.findIndex((pin) => pin.id === this.moving?.card.id);
    const next = card ?? this.pins[(at + 1) % Math.max(1, this.pins.length)];
    if (!next || !this.day.day) return;
    this.startMove(next);
    const { view, columns } = this.day;
    const whose = view.shape === "week" ? view.whose : null;
    const column = columns.find((one) => one.practitioner === (whose ?? next.practitioner)) ?? columns[0];
    const place = this.day.byRooms ? (next.room?.id ?? "") : column?.practitioner;
    if (place !== undefined) this.moving?.to(place, next.start_minute);
  }

  /** Reads what was pinned before: it may stand elsewhere by now, or be over. */
  async #pinAgain(ids: readonly string[]): Promise<void> {
    const found = await Promise.all(ids.map((id) => host().appointment(id).then((detail) => detail.card, () => null)));
    this.pins = found.filter((card) => card !== null && canMove(card.status)) as Card[];
  }

  /** Sets a carried visit down; an overlap asks before anything happens. */
  async drop(moving: Moving): Promise<void> {
    const date = this.day.day?.date;
    this.moving = null;
    if (!date || !moving.changed(date)) return;
    this.#carried = moving.card;
    const practitioner = moving.practitioner === moving.card.practitioner ? null : moving.practitioner;
    const wish = { appointment: moving.card.id, start: wallClock(date, moving.minute), minutes: moving.toLength, practitioner, room: moving.toRoom, comment: null, overbook: null };
    await this.series.ask(moving.card, { move: wish }, () => this.sendMove(wish));
  }

  async sendMove(wish: MoveRequest): Promise<void> {
    this.overlap = null;
    const card = this.#carried;
    const say = await this.#change(async () => {
      const changed = await host().move(wish);
      this.pins = this.pins.filter((pin) => pin.id !== wish.appointment);
      return changed;
    });
    if (say) this.overlap = { say, wish };
    else if (card) await this.offer(card);
  }

  /** Opens the booking at a time, or where the eye is, or at the first free time. */
  openBooking(at: Slot | null, patient: PatientRow | null = null, ofProvider = false): void {
    const day = this.day.day;
    if (!day?.columns.length) return;
    this.moving = null;
    this.kept = this.draft?.begun ?? false;
    this.draft ??= new Draft();
    const slot = at ?? this.day.slot ?? (this.kept && this.draft.date === day.date ? null : suggested(day, this.day.view, this.day.selected, this.draft.minutes));
    if (slot) this.putDraft(slot, day.date, ofProvider || !(at ?? this.day.slot));
    this.draft.practitioner ||= this.day.selected?.practitioner ?? this.day.view.whose ?? day.columns[0]?.practitioner ?? "";
    this.draft.date ||= day.date;
    if (patient) this.draft.choose(patient);
    this.booking = true;
  }

  /** Puts the booking at a place of the day's columns, or of a provider whom nobody chose. */
  putDraft(slot: Slot, date: string, provider = false): void {
    const { practitioner, room, minute } = placeOf(slot, this.day.byRooms && !provider);
    this.draft?.put(practitioner ?? (this.draft.practitioner || (this.day.day?.columns[0]?.practitioner ?? "")), date, minute);
    if (this.draft && room !== null) this.draft.room = room;
  }

  /** Looks for an opening; of a booking that was begun the length is known, and perhaps for whom it is. */
  seek(sought: Partial<Seeking> | null = null): void {
    if (!this.day.day?.columns.length) return;
    const draft = this.draft?.begun && !sought ? this.draft : null;
    const words = draft ? `${draft.minutes} min ` : "";
    this.seeking = { words, wish: null, patient: draft?.patient ?? null, reason: null, drafted: draft !== null, waiting: null, moving: null, ...sought };
  }

  /** Takes an opening: for who waits, for a visit that moves, for the one chosen, or for the booking that goes on there. */
  async bookOpening({ day, start, minutes, patient }: Chosen): Promise<void> {
    const { waiting, moving, drafted, reason } = this.seeking ?? {};
    this.seeking = null;
    await this.day.show(day.date);
    const [at, practitioner] = [start.start.slice(0, 16), day.practitioner];
    let taken: string | null = null;
    if (waiting) taken = await this.#change(() => host().bookWaiting(waiting.id, at, practitioner), this.#backOnList);
    else if (moving) taken = await this.#change(() => host().move({ appointment: moving, start: at, minutes, practitioner, room: null, comment: null, overbook: null }));
    else if (patient && !drafted) taken = await this.#change(() => host().book({ patient: patient.id, practitioner, start: at, minutes, reason: reason ?? null, comment: null, overbook: null, room: null, visit_type: null }));
    else {
      this.openBooking({ practitioner, minute: start.start_minute }, null, true);
      if (this.draft) this.draft.minutes = minutes;
    }
    if (taken) this.#notices.say(taken);
  }

  /** Opens a booking of the same again, while none is half typed. */
  bookAgain(patient: PatientRow | null, minutes: number, reason: string | null, visit_type = ""): void {
    if (this.draft?.begun) this.#notices.say("A booking is half typed. Finish it, or start over, and copy then.");
    else if (patient) {
      this.draft = Object.assign(new Draft(), { minutes, reason: reason ?? "", visit_type });
      this.openBooking(null, patient);
    }
  }

  /** Puts somebody on the waitlist: who was chosen, or whom the booking is for, where that is known. */
  join(words = "", patient: PatientRow | null = null): void {
    this.seeking = null;
    this.joining = { words, patient: patient ?? this.draft?.patient ?? null };
  }

  joined({ say, change }: WaitlistChanged): void {
    this.joining = null;
    this.#notices.say(say, () => this.#backOnList(change));
  }

  /** Takes back a change of the waitlist: a visit that came from there goes back there. */
  #backOnList = async (change: string): Promise<void> => {
    this.#notices.say((await host().undoWaitlist(change)).say);
    await this.changedElsewhere();
  };

  /** Freed time was given to somebody on the waitlist. */
  async offered(changed: Changed): Promise<void> {
    this.freed = null;
    this.offering = false;
    await this.day.show(changed.card.start.slice(0, 10));
    await this.retold(changed, this.#backOnList);
  }

  /** Says whom the time would suit that a visit has left. */
  async offer(card: Pick<Card, "practitioner" | "start" | "end">): Promise<void> {
    if (!card.practitioner) return;
    try {
      const freed = await host().offers(card.practitioner, card.start.slice(0, 16), card.end.slice(0, 16));
      this.freed = freed.offers.length ? freed : null;
    } catch (error) {
      // What was done is done; the list itself tells what is wrong with it.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  closeBooking(): void {
    this.booking = false;
    if (!this.draft?.begun) this.draft = null;
  }

  restartBooking(): void {
    const old = this.draft;
    this.draft = new Draft();
    if (old?.minute !== null && old) this.draft.put(old.practitioner, old.date, old.minute);
    this.kept = false;
  }

  /** Opens the form of somebody new, from what was typed; one that was closed half written goes on when nothing was. */
  register(typed: string): void {
    const forBooking = this.booking && this.draft !== null && !this.draft.patient;
    const unsaved = typed.trim() ? null : this.#unsaved;
    this.registering = unsaved ?? new Registering(typed, null, forBooking);
    this.#unsaved = null;
  }

  /** Opens the form of somebody who is here. */
  changePatient(patient: string): void {
    this.registering = new Registering("", patient, false);
  }

  closeRegistering(): void {
    const closed = this.registering;
    if (closed?.patient === null && closed.begun) this.#unsaved = closed;
    this.registering = null;
  }

  /** A form was saved, or somebody who is here is the one; whether a booking goes on with them. What shows them reads again. */
  registered(patient: PatientRow, saved: PatientSaved | null, again: () => void): boolean {
    const { forBooking = false, patient: known = null } = this.registering ?? {};
    this.registering = null;
    const takenBack = (): void => {
      // Who is registered no more is not booked for.
      if (known === null && this.draft?.patient?.id === patient.id) this.draft.choose(null);
      again();
    };
    if (saved) this.saidOf(saved, takenBack);
    if (!forBooking || !this.booking || !this.draft) return false;
    this.draft.choose(patient);
    return true;
  }

  /** Says what was done with a patient, and takes it back when asked. What shows them reads `again`. */
  saidOf({ say, change }: PatientSaved, again: () => void): void {
    const takeBack = async (change: string): Promise<void> => {
      const back = await host().undoPatient(change);
      this.#notices.say(back.say);
      again();
      await this.changedElsewhere();
    };
    this.#notices.say(say, change ? () => takeBack(change) : undefined);
  }

  async booked(changed: Changed): Promise<void> {
    this.draft = null;
    this.booking = false;
    await this.retold(changed);
  }

  /** Shows what was booked or changed beside the day. */
  async retold(changed: Changed, takeBack?: (change: string) => Promise<void>): Promise<void> {
    this.changing = null;
    this.#show(changed, takeBack);
    await this.changedElsewhere();
  }

  async bookedSeries(changed: SeriesChanged): Promise<void> {
    this.draft = null;
    this.booking = false;
    await this.series.show(changed);
  }

  async rebooked(changed: Changed): Promise<void> {
    this.rebooking = null;
    this.#notices.say(changed.say);
    await this.changedElsewhere();
  }

  #show(changed: Changed, takeBack = async (change: string): Promise<void> => {
    const back = await host().undo(change);
    this.day.put(back.card);
    this.#notices.say(back.say);
    await this.changedElsewhere();
  }): void {
    this.day.put(changed.card);
    this.day.select(changed.card);
    this.#notices.say(changed.say, async () => {
      this.freed = null;
      await takeBack(changed.change);
    });
  }

  /** Makes a change and paints it at once. The answer is the words of an overlap, which the caller settles, or null. */
  async #change(work: () => Promise<Changed>, takeBack?: (change: string) => Promise<void>): Promise<string | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      this.#show(await work(), takeBack);
    } catch (error) {
      if (error instanceof Refusal && error.code === "overlap") return error.message;
      this.#notices.trouble(error);
      return null;
    } finally {
      this.busy = false;
    }
    await this.changedElsewhere();
    return null;
  }
}
