/* eslint-disable */
/** The shapes of `gen/bindings.ts`, written by hand until the generated ones are here. */
import { invoke as __TAURI_INVOKE } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

export const commands = {
	state: () => typedError<ShellState, Refused>(__TAURI_INVOKE("state")),
	enrol: (form: EnrolForm) => typedError<ShellState, Refused>(__TAURI_INVOKE("enrol", { form })),
	signIn: (form: SignInForm) => typedError<ShellState, Refused>(__TAURI_INVOKE("sign_in", { form })),
	unlock: (form: UnlockForm) => typedError<ShellState, Refused>(__TAURI_INVOKE("unlock", { form })),
	lock: () => typedError<ShellState, Refused>(__TAURI_INVOKE("lock")),
	signOut: () => typedError<ShellState, Refused>(__TAURI_INVOKE("sign_out")),
	activity: () => typedError<null, Refused>(__TAURI_INVOKE("activity")),
	day: (date: string | null) => typedError<Day, Refused>(__TAURI_INVOKE("day", { date })),
	printDay: (date: string) => typedError<Day, Refused>(__TAURI_INVOKE("print_day", { date })),
	appointment: (id: string) => typedError<AppointmentDetail, Refused>(__TAURI_INVOKE("appointment", { id })),
	book: (wish: BookRequest) => typedError<Changed, Refused>(__TAURI_INVOKE("book", { wish })),
	moveAppointment: (wish: MoveRequest) => typedError<Changed, Refused>(__TAURI_INVOKE("move_appointment", { wish })),
	setStatus: (wish: StatusRequest) => typedError<Changed, Refused>(__TAURI_INVOKE("set_status", { wish })),
	undo: (change: string) => typedError<Changed, Refused>(__TAURI_INVOKE("undo", { change })),
	find: (text: string) => typedError<PatientRow[], Refused>(__TAURI_INVOKE("find", { text })),
	chart: (patient: string) => typedError<Chart, Refused>(__TAURI_INVOKE("chart", { patient })),
	syncNow: () => typedError<SyncState, Refused>(__TAURI_INVOKE("sync_now")),
	outbox: () => typedError<OutboxLine[], Refused>(__TAURI_INVOKE("outbox")),
	retry: (change: string) => typedError<null, Refused>(__TAURI_INVOKE("retry", { change })),
	withdraw: (change: string) => typedError<null, Refused>(__TAURI_INVOKE("withdraw", { change })),
	policy: () => typedError<PolicyPage, Refused>(__TAURI_INVOKE("policy")),
	setPolicy: (change: PolicyChange) => typedError<PolicyPage, Refused>(__TAURI_INVOKE("set_policy", { change })),
};

export const events = {
	shell: makeEvent<ShellState>("shell"),
	data: makeEvent<Data>("data"),
	idle: makeEvent<Idle>("idle"),
};

export type Role = "admin" | "provider" | "clinical" | "front_desk";
export type Zone = "front_counter" | "back_office" | "exam_room" | "take_home";
export type Phase = "unenrolled" | "signed_out" | "locked" | "open";
export type LockReason = "idle" | "asked" | "system" | "lease_ended" | "policy_gone";
export type AppointmentStatus = "proposed" | "pending" | "booked" | "arrived" | "fulfilled" | "cancelled" | "noshow" | "entered-in-error" | "checked-in" | "waitlist";
export type Code = string;

export type MemberTile = {
	id: string;
	email: string;
	name: string;
	initials: string;
	color: number;
};
export type Me = {
	tile: MemberTile;
	role: Role;
	practitioner: string | null;
};
export type PracticeCard = {
	id: string;
	name: string;
	time_zone: string;
	host: string;
};
export type ShellState = {
	phase: Phase;
	practice: PracticeCard | null;
	members: MemberTile[];
	me: Me | null;
	lock_reason: LockReason | null;
	time_out_seconds: number;
	now: string;
	sync: SyncState;
};
export type SyncState = {
	reachable: boolean;
	running: boolean;
	last_synced: string | null;
	age_minutes: number | null;
	pending: number;
	attention: number;
	first_sync: Progress | null;
	trouble: Refused | null;
};
export type Progress = {
	done: number;
	total: number | null;
};
export type Refused = {
	code: Code;
	say: string;
};
export type Card = {
	id: string;
	start: string;
	end: string;
	start_minute: number;
	end_minute: number;
	status: AppointmentStatus;
	practitioner: string | null;
	patient: PatientRow | null;
	reason: string | null;
	note: string | null;
	arrived_at: string | null;
	status_since: string | null;
	provisional: boolean;
};
export type PatientRow = {
	id: string;
	name: string;
	birth_date: string | null;
	age: string | null;
	gender: string | null;
	record_number: string | null;
	phone: string | null;
};
export type Stretch = {
	start_minute: number;
	end_minute: number;
	label: string;
};
export type Column = {
	practitioner: string;
	name: string;
	hours: Stretch[];
	blocks: Stretch[];
	booked: number;
	open: number;
	as_of: string | null;
};
export type Day = {
	date: string;
	today: string;
	now_minute: number | null;
	as_of: string | null;
	columns: Column[];
	appointments: Card[];
	waiting: number;
	longest_wait: number | null;
};
export type AppointmentDetail = {
	card: Card;
	provider: string | null;
	alerts: Alert[];
	history: HistoryLine[];
	version: string;
};
export type Alert = {
	kind: string;
	text: string;
	detail: string | null;
	severe: boolean;
};
export type HistoryLine = {
	at: string;
	who: string;
	what: string;
	comment: string | null;
	provisional: boolean;
};
export type ChartLine = {
	reference: string;
	title: string;
	detail: string | null;
	status: string | null;
	current: boolean;
	when: string | null;
};
export type Series = {
	title: string;
	unit: string | null;
	points: Point[];
};
export type Point = {
	when: string;
	text: string;
	value: number | null;
	flag: string | null;
};
export type Chart = {
	patient: PatientRow;
	address: string | null;
	language: string | null;
	as_of: string | null;
	alerts: Alert[];
	problems: ChartLine[];
	allergies: ChartLine[];
	medications: ChartLine[];
	immunizations: ChartLine[];
	vitals: Series[];
	labs: Series[];
	visits: ChartLine[];
	notes: ChartLine[];
	documents: ChartLine[];
	upcoming: Card[];
};
export type BookRequest = {
	patient: string;
	practitioner: string;
	start: string;
	minutes: number;
	reason: string | null;
	comment: string | null;
	overbook: string | null;
};
export type MoveRequest = {
	appointment: string;
	start: string;
	minutes: number | null;
	practitioner: string | null;
	comment: string | null;
	overbook: string | null;
};
export type StatusRequest = {
	appointment: string;
	status: AppointmentStatus;
	reason: string | null;
	comment: string | null;
};
export type Changed = {
	change: string;
	say: string;
	card: Card;
};
export type OutboxLine = {
	change: string;
	what: string;
	since: string;
	who: string;
	comment: string | null;
	trouble: string | null;
	tries: number;
};
export type TimeOutCell = {
	role: Role;
	zone: Zone;
	seconds: number;
};
export type PolicyPage = {
	version: number;
	since: string;
	by: string;
	time_outs: TimeOutCell[];
	zone: Zone;
	lease_hours: number;
	editable: boolean;
};
export type PolicyChange = {
	base_version: number;
	time_outs: TimeOutCell[];
	lease_hours: number | null;
	comment: string | null;
};

export type EnrolForm = { host: string; ca_pem: string; code: string; name: string; zone: Zone };
export type SignInForm = { email: string; password: string };
export type UnlockForm = { member: string; password: string };
export type Data = { kinds: string[] };
export type Idle = { seconds_left: number | null };

async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
	try {
		return { status: "ok", data: await result };
	} catch (e) {
		if (e instanceof Error) throw e;
		return { status: "error", error: e as any };
	}
}

function makeEvent<T>(name: string) {
	return {
		listen: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.listen<T>(name, cb),
		once: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.once<T>(name, cb),
	};
}
