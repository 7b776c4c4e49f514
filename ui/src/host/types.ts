/** Long because it is all that crosses. Everything outside `host` takes these shapes of the program from here, never from `gen`. */
export type {
  Account,
  Alert,
  AppointmentDetail,
  AppointmentStatus,
  BackupLine,
  BackupTrouble,
  Beyond,
  Block,
  BookRequest,
  ByHand,
  CallOutcome,
  CallRequest,
  Came,
  Card,
  CertificateLine,
  CertificatePlace,
  Changed,
  Chart,
  ChartLine,
  Code,
  Column,
  Computer,
  ComputerChange,
  ComputerState,
  Day,
  DayPack,
  DayRead,
  DeletionChange,
  DeletionLine,
  DeletionPage,
  Density,
  Exporting,
  ExportPage,
  FactorOffer,
  FactorPage,
  FieldProblem,
  Finding,
  Found,
  FoundDay,
  FoundOpenings,
  FoundStart,
  GivenUpLine,
  HistoryLine,
  Hold,
  Invite,
  KeepingPage,
  LastCall,
  LeftOff,
  LikelyPatient,
  ListChanged,
  LockReason,
  MarkedStep,
  MergeField,
  MergePage,
  MergeRequest,
  MergeSide,
  Me,
  MemberAct,
  MemberChange,
  MembersPage,
  MemberTile,
  MergedField,
  MoveRequest,
  NameFormat,
  NoteChanged,
  NoteKind,
  NotePage,
  NotePart,
  NoteRequest,
  Offer,
  Offers,
  Opening,
  Openings,
  OpeningWish,
  OutboxLine,
  OverbookLimit,
  PatientChange,
  PatientCheck,
  PatientForm,
  PatientPage,
  PatientRow,
  PatientSaved,
  PhotoChange,
  Pick,
  Point,
  PolicyChange,
  PolicyPage,
  PracticeCard,
  RecallLine,
  RecallRequest,
  RegisterRequest,
  Role,
  Room,
  SavedView,
  Scope,
  Series,
  SeriesAct,
  SeriesBooking,
  SeriesChange,
  SeriesChanged,
  SeriesPlan,
  SeriesRule,
  SeriesWish,
  Settings,
  SettingsPage,
  SettleForm,
  Shape,
  ShellState,
  Standing,
  StatusRequest,
  StepAt,
  StepRequest,
  Stretch,
  SyncState,
  Take,
  Taken,
  TextSize,
  Theme,
  TimeOutCell,
  Told,
  ToRoom,
  VisitChange,
  VisitStep,
  VisitType,
  VisitLine,
  VisitList,
  WaitlistChanged,
  WaitlistLine,
  WaitlistRequest,
  Week,
  Whose,
  WishRead,
  Zone,
} from "../gen/bindings";

import type {
  Account,
  AppointmentDetail,
  BookRequest,
  ByHand,
  CallRequest,
  Came,
  Changed,
  Chart,
  Code,
  Computer,
  ComputerChange,
  Day,
  DayPack,
  DayRead,
  DeletionChange,
  DeletionPage,
  ExportPage,
  FactorOffer,
  FactorPage,
  Found,
  FoundOpenings,
  GivenUpLine,
  Invite,
  KeepingPage,
  LeftOff,
  ListChanged,
  MemberChange,
  MembersPage,
  MergePage,
  MergeRequest,
  MoveRequest,
  NoteChanged,
  NotePage,
  NoteRequest,
  Offers,
  Openings,
  OpeningWish,
  OutboxLine,
  OverbookLimit,
  PatientChange,
  PatientCheck,
  PatientForm,
  PatientPage,
  PatientRow,
  PatientSaved,
  PhotoChange,
  PolicyChange,
  PolicyPage,
  RecallLine,
  RecallRequest,
  RegisterRequest,
  Room,
  SeriesBooking,
  SeriesChange,
  SeriesChanged,
  SeriesPlan,
  SeriesWish,
  Settings,
  SettingsPage,
  ShellState,
  StatusRequest,
  StepRequest,
  SyncState,
  Take,
  Told,
  VisitChange,
  VisitType,
  VisitList,
  WaitlistChanged,
  WaitlistLine,
  WaitlistRequest,
  Week,
  Whose,
  WishRead,
  Zone,
} from "../gen/bindings";

/** What the first screen asks for. */
export interface EnrolWish {
  host: string;
  /** The practice's certificate authority, as PEM text. */
  authority: string;
  code: string;
  name: string;
  zone: Zone;
}

/** A refusal: switch on `code`, show `message`. */
export class Refusal extends Error {
  readonly code: Code;

  constructor(code: Code, say: string) {
    super(say);
    this.name = "Refusal";
    this.code = code;
  }
}

/** Stops listening. */
export type Stop = () => void;

/**
 * Everything that the window can ask of the program and hear from it. Each call rejects with a {@link Refusal} and with
 * nothing else.
 */
export interface Host {
  /** What the program knew when it opened this window. */
  readonly opening: ShellState | null;
  state(): Promise<ShellState>;
  enrol(wish: EnrolWish): Promise<ShellState>;
  signIn(email: string, password: string): Promise<ShellState>;
  /** Goes on after a refusal `second_factor` of {@link Host.signIn} or {@link Host.unlock}: the program holds the password. */
  signInCode(code: string): Promise<ShellState>;
  /** Asks the host to mail a link to a new password; it says the same for every address. */
  forgottenPassword(email: string): Promise<void>;
  unlock(member: string, password: string): Promise<ShellState>;
  /**
   * Shows the host that it is the member at work, after a refusal `unproven`; without a password to go on with the code that it asked for.
   */
  prove(password: string | null, code: string | null): Promise<void>;
  lock(): Promise<ShellState>;
  /** Locks for another member, who chooses their own name. */
  handOver(): Promise<ShellState>;
  signOut(): Promise<ShellState>;
  /** Keeps where the page stands, sealed to the member; `page` is the page's own JSON. */
  leaveOff(left: LeftOff): Promise<void>;
  leftOff(): Promise<Came>;
  /** Tells of real input; call it at most once a second. */
  activity(): Promise<void>;
  /** Null asks for today. What has the `known` digest is not told once more. */
  day(date: string | null, known: string | null): Promise<DayRead>;
  /** The week in which the date lies; null asks for today's. */
  week(date: string | null, whose: Whose): Promise<Week>;
  /** The same as {@link Host.day}, with all that the host has of it. */
  fetchDay(date: string): Promise<Day>;
  find(text: string): Promise<Found>;
  recent(ids: string[]): Promise<PatientRow[]>;
  chart(patient: string): Promise<Chart>;
  /** The same as {@link Host.chart}, with all that the host has of it. */
  fetchChart(patient: string): Promise<Chart>;
  /** The form of a patient, or of somebody new who was looked for by `typed`. */
  patientForm(patient: string | null, typed: string): Promise<PatientPage>;
  /** What is said of a form; asking is recorded as a search once there is somebody to look for. */
  checkPatient(form: PatientForm, patient: string | null): Promise<PatientCheck>;
  /** Nothing is saved while `check` of the answer has something to say. */
  register(request: RegisterRequest): Promise<PatientSaved>;
  changePatient(change: PatientChange): Promise<PatientSaved>;
  undoPatient(change: string): Promise<PatientSaved>;
  setPhoto(change: PhotoChange): Promise<PatientSaved>;
  /** A record beside another, or with who may be the same while there is no other yet. */
  mergePage(patient: string, other: string | null): Promise<MergePage>;
  mergePatients(request: MergeRequest): Promise<PatientSaved>;
  /** The record `gone` is in use again. */
  unmerge(gone: string, comment: string | null): Promise<PatientSaved>;
  /** What a note or a document says, of "Type/id". */
  readNote(reference: string): Promise<NotePage>;
  writeNote(request: NoteRequest): Promise<NoteChanged>;
  undoNote(change: string): Promise<NoteChanged>;
  appointment(id: string): Promise<AppointmentDetail>;
  /** Notes that the alerts of whoever has arrived were seen. */
  seeAlerts(appointment: string): Promise<void>;
  book(request: BookRequest): Promise<Changed>;
  move(request: MoveRequest): Promise<Changed>;
  /** What a visit is, where and what for; null leaves each as it is. */
  changeVisit(change: VisitChange): Promise<Changed>;
  setStatus(request: StatusRequest): Promise<Changed>;
  /** Marks a step that is no status: confirmed by the patient, or left. */
  markStep(request: StepRequest): Promise<Changed>;
  undo(change: string): Promise<Changed>;
  /** The same as {@link Host.day}, recorded as read ahead: nobody sees it before it is read again. */
  dayAhead(date: string): Promise<DayRead>;
  /** The same as {@link Host.day}, recorded as a print. */
  printDay(date: string): Promise<Day>;
  saveDay(date: string): Promise<DayPack>;
  syncNow(): Promise<SyncState>;
  outbox(): Promise<OutboxLine[]>;
  retry(change: string): Promise<void>;
  /** Gives a refused change to a member to look after. */
  handOn(change: string, member: string): Promise<void>;
  withdraw(change: string): Promise<void>;
  /** Other times for a visit whose own went to somebody else. */
  openings(change: string): Promise<Openings>;
  /** Takes one of them; `start` is wall-clock, to the minute. */
  rebook(change: string, start: string, practitioner: string): Promise<Changed>;
  /** How typed words are understood as a wish for an opening. */
  readWish(text: string): Promise<WishRead>;
  findOpenings(wish: OpeningWish): Promise<FoundOpenings>;
  /** Who would come sooner. */
  waitlist(): Promise<WaitlistLine[]>;
  joinWaitlist(request: WaitlistRequest): Promise<WaitlistChanged>;
  leaveWaitlist(id: string, reason: string): Promise<WaitlistChanged>;
  /** Their place on the waitlist becomes a visit; `start` is wall-clock, to the minute. */
  bookWaiting(id: string, start: string, practitioner: string): Promise<Changed>;
  /** Whom the time would suit that became free, both ends wall-clock. */
  offers(practitioner: string, start: string, end: string): Promise<Offers>;
  undoWaitlist(change: string): Promise<WaitlistChanged>;
  /** The visits that nobody has confirmed, of so many days; of the next on which somebody works when null. */
  toConfirm(days: number | null): Promise<VisitList>;
  missed(days: number): Promise<VisitList>;
  recalls(days: number): Promise<RecallLine[]>;
  noteCall(request: CallRequest): Promise<ListChanged>;
  addRecall(request: RecallRequest): Promise<ListChanged>;
  /** With a reason, there is to be no visit. */
  endRecall(id: string, whyNot: string | null): Promise<ListChanged>;
  undoList(change: string): Promise<ListChanged>;
  /** What visits that repeat come to. */
  planSeries(wish: SeriesWish): Promise<SeriesPlan>;
  bookSeries(booking: SeriesBooking): Promise<SeriesChanged>;
  changeSeries(change: SeriesChange): Promise<SeriesChanged>;
  undoSeries(changes: string[]): Promise<SeriesChanged>;
  /** The rooms to book into. */
  rooms(): Promise<Room[]>;
  visitTypes(): Promise<VisitType[]>;
  /** Says what the type of that code is; one that the practice does not have yet is added. */
  setVisitType(type: VisitType, comment: string | null): Promise<void>;
  /** Keeps a hold for this computer, or gives it up, whosever it is. */
  keepHold(slot: string, keep: boolean): Promise<void>;
  overbookLimits(): Promise<OverbookLimit[]>;
  /** Null is without a limit. */
  setOverbookLimit(schedule: string, limit: number | null): Promise<void>;
  /** Says whose value stands where both sides changed the same. */
  settle(change: string, take: Take, seen: string | null): Promise<void>;
  /** Lets stand what is entered in place of both. */
  settleByHand(change: string, wish: ByHand, seen: string | null): Promise<Told>;
  /** What was given up lately for what the host had. */
  givenUp(): Promise<GivenUpLine[]>;
  /** Brings it back, as a new change. */
  bringBack(change: string): Promise<Changed>;
  policy(): Promise<PolicyPage>;
  setPolicy(change: PolicyChange): Promise<PolicyPage>;
  /** The practice's computers, for its admin; asks the host. */
  computers(): Promise<Computer[]>;
  /** Gives the computer as it is then. */
  setComputer(change: ComputerChange): Promise<Computer>;
  /** The practice's members, for its admin; asks the host. */
  members(): Promise<MembersPage>;
  /** Gives the member as they are then. */
  setMember(change: MemberChange): Promise<Account>;
  invite(invite: Invite): Promise<Account>;
  /** The member's own second factor; asks the host. */
  secondFactor(): Promise<FactorPage>;
  /** Begins to set one up. Null after a refusal `second_factor_missing`: the program holds the password. */
  offerSecondFactor(password: string | null): Promise<FactorOffer>;
  /** Takes the first code; gives the recovery codes, this once. */
  confirmSecondFactor(code: string): Promise<string[]>;
  /** How the host keeps the practice, for its admin; asks the host. */
  keeping(): Promise<KeepingPage>;
  /** Where an export would go, and how the last one stands. */
  exporting(): Promise<ExportPage>;
  /** Begins one; with every version of each record when `history` is wanted. */
  exportPractice(history: boolean): Promise<ExportPage>;
  cancelExport(): Promise<void>;
  /** Whether the practice is to be deleted; asks the host. */
  deletion(): Promise<DeletionPage>;
  setDeletion(change: DeletionChange): Promise<DeletionPage>;
  settings(): Promise<SettingsPage>;
  setSettings(chosen: Settings): Promise<SettingsPage>;

  onShell(hear: (state: ShellState) => void): Stop;
  /** Resource kinds whose rows changed elsewhere. */
  onData(hear: (kinds: string[]) => void): Stop;
  /** Seconds until the idle lock, or null when that is called off. */
  onIdle(hear: (secondsLeft: number | null) => void): Stop;
}
