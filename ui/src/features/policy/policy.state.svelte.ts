import { host, Refusal, type NameFormat, type PolicyChange, type PolicyPage, type Role, type Zone } from "../../host";
import { roles, roleWords, zones, zoneWords } from "../../shared/words";
import { spanSeconds } from "../../shared/time";
import { formatWords } from "./words";

/** One wish of the admin, in words. */
export interface Difference {
  what: string;
  from: string;
  to: string;
  /** Longer than before, so less safe. */
  looser: boolean;
  /** What less safe and safer are called here, where they are not longer and shorter. */
  words?: [looser: string, stricter: string];
}

/** Whether a number of days, if one was typed, is one that the policy may hold. */
function within(days: number | null, least: number, most: number): boolean {
  return days === null || days === 0 || (Number.isInteger(days) && days >= least && days <= most);
}

/** The security policy and an admin's edit of it. */
export class PolicyState {
  page = $state.raw<PolicyPage | null>(null);
  refusal = $state<Refusal | null>(null);
  /** Minutes as typed, by `role zone`; only cells that were touched. */
  edits = $state<Record<string, number | null>>({});
  lease = $state<number | null>(null);
  grace = $state<number | null>(null);
  /** Days that each computer keeps; 0 is everything. */
  back = $state<number | null>(null);
  ahead = $state<number | null>(null);
  /** Roles that need a second factor, once one was touched. */
  factors = $state.raw<Role[] | null>(null);
  /** How patients are called where others may read along, once that was touched. */
  names = $state<NameFormat | null>(null);
  comment = $state("");
  busy = $state(false);
  saved = $state(false);

  readonly differences = $derived.by(() => this.#differences());
  readonly invalid = $derived.by(() => this.#invalid());

  async read(): Promise<void> {
    try {
      this.page = await host().policy();
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  seconds(role: Role, zone: Zone): number {
    return this.page?.time_outs.find((cell) => cell.role === role && cell.zone === zone)?.seconds ?? 0;
  }

  minutes(role: Role, zone: Zone): number | null {
    const edit = this.edits[`${role} ${zone}`];
    return edit === undefined ? this.seconds(role, zone) / 60 : edit;
  }

  edit(role: Role, zone: Zone, minutes: number): void {
    this.saved = false;
    this.edits[`${role} ${zone}`] = Number.isFinite(minutes) ? minutes : null;
  }

  editLease(hours: number): void {
    this.saved = false;
    this.lease = Number.isFinite(hours) ? hours : 0;
  }

  editGrace(hours: number): void {
    this.saved = false;
    this.grace = Number.isFinite(hours) ? hours : -1;
  }

  editBack(days: number): void {
    this.saved = false;
    this.back = Number.isFinite(days) ? days : -1;
  }

  editAhead(days: number): void {
    this.saved = false;
    this.ahead = Number.isFinite(days) ? days : -1;
  }

  editFactor(role: Role, wanted: boolean): void {
    this.saved = false;
    const before = this.factors ?? this.page?.second_factor ?? [];
    this.factors = roles.filter((one) => (one === role ? wanted : before.includes(one)));
  }

  editNames(format: NameFormat): void {
    this.saved = false;
    this.names = format;
  }

  discard(): void {
    this.edits = {};
    this.lease = null;
    this.grace = null;
    this.back = null;
    this.ahead = null;
    this.factors = null;
    this.names = null;
    this.comment = "";
    this.refusal = null;
  }

  /** Saves; true when the practice's policy is now the wish. A refusal keeps the edit. */
  async save(): Promise<boolean> {
    if (!this.page || this.busy || this.invalid) return false;
    this.busy = true;
    const change: PolicyChange = {
      base_version: this.page.version,
      time_outs: this.#touched().map(([role, zone, minutes]) => ({ role, zone, seconds: Math.round(minutes * 60) })),
      lease_hours: this.lease !== null && this.lease !== this.page.lease_hours ? this.lease : null,
      grace_hours: this.grace !== null && this.grace !== this.page.grace_hours ? this.grace : null,
      days_back: this.back !== null && this.back !== (this.page.days_back ?? 0) ? this.back : null,
      days_ahead: this.ahead !== null && this.ahead !== (this.page.days_ahead ?? 0) ? this.ahead : null,
      second_factor: this.#newFactors(),
      names: this.names !== this.page.names ? this.names : null,
      comment: this.comment.trim() || null,
    };
    try {
      this.page = await host().setPolicy(change);
      this.discard();
      this.saved = true;
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Null when they are as before. */
  #newFactors(): Role[] | null {
    const before = this.page?.second_factor ?? [];
    return this.factors && roles.some((role) => this.factors?.includes(role) !== before.includes(role)) ? this.factors : null;
  }

  #touched(): [Role, Zone, number][] {
    const touched: [Role, Zone, number][] = [];
    for (const role of roles) {
      for (const zone of zones) {
        const edit = this.edits[`${role} ${zone}`];
        if (typeof edit === "number" && Math.round(edit * 60) !== this.seconds(role, zone)) touched.push([role, zone, edit]);
      }
    }
    return touched;
  }

  #differences(): Difference[] {
    const cells = this.#touched().map(([role, zone, minutes]) => ({
      what: `${roleWords[role]}, ${zoneWords[zone].toLowerCase()}`,
      from: spanSeconds(this.seconds(role, zone)),
      to: spanSeconds(Math.round(minutes * 60)),
      looser: minutes * 60 > this.seconds(role, zone),
    }));
    const hours = (what: string, before: number, now: number | null): Difference[] =>
      now === null || now === before ? [] : [{ what, from: `${before} h`, to: `${now} h`, looser: now > before }];
    const now = this.#newFactors();
    const before = this.page?.second_factor ?? [];
    const named = (list: readonly Role[]) => roles.filter((role) => list.includes(role)).map((role) => roleWords[role]).join(", ") || "nobody";
    const factors: Difference[] = now
      ? [{ what: "Second factor", from: named(before), to: named(now), looser: before.some((role) => !now.includes(role)), words: ["looser", "stricter"] }]
      : [];
    const kept = (days: number): string => (days === 0 ? "everything" : `${days} days`);
    const days = (what: string, before: number, now: number | null): Difference[] =>
      now === null || now === before ? [] : [{ what, from: kept(before), to: kept(now), looser: now === 0 || (before !== 0 && now > before) }];
    const called = this.page?.names ?? "full";
    const formats = Object.keys(formatWords);
    const names: Difference[] =
      this.names === null || this.names === called
        ? []
        : [{ what: "Names in the waiting room", from: formatWords[called], to: formatWords[this.names], looser: formats.indexOf(this.names) > formats.indexOf(called), words: ["looser", "stricter"] }];
    return [
      ...cells,
      ...factors,
      ...names,
      ...hours("Work without the host", this.page?.lease_hours ?? 0, this.lease),
      ...hours("Schedule after that", this.page?.grace_hours ?? 0, this.grace),
      ...days("Kept back", this.page?.days_back ?? 0, this.back),
      ...days("Kept ahead", this.page?.days_ahead ?? 0, this.ahead),
    ];
  }

  #invalid(): string | null {
    const bad = Object.values(this.edits).some((minutes) => minutes === null || minutes < 1 || minutes > 60);
    if (bad) return "A time-out is 1 to 60 minutes.";
    if (this.lease !== null && (!Number.isInteger(this.lease) || this.lease < 1 || this.lease > 168)) return "Work without the host is 1 to 168 hours.";
    if (this.grace !== null && (!Number.isInteger(this.grace) || this.grace < 0 || this.grace > 72)) return "Schedule after that is 0 to 72 hours.";
    if (!within(this.back, 30, 3650)) return "What is kept back is 30 to 3650 days, or 0 for everything.";
    if (!within(this.ahead, 30, 730)) return "What is kept ahead is 30 to 730 days, or 0 for everything.";
    return null;
  }
}
