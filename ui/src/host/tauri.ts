import { commands, events, type Refused } from "../gen/bindings";
import { Refusal, type Host, type ShellState, type Stop } from "./types";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Refused };

/** Turns a typed answer into a value or a {@link Refusal}; a broken bridge becomes a refusal too. */
async function take<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch {
    throw new Refusal("unexpected", "The program did not answer. Close this window and open it again.");
  }
  if (answer.status === "error") throw new Refusal(answer.error.code, answer.error.say);
  return answer.data;
}

/** Listening starts a moment after it is asked for; a stop that comes before that is kept. */
function hear<T>(
  event: { listen: (cb: (e: { payload: T }) => void) => Promise<Stop> },
  tell: (payload: T) => void,
): Stop {
  let stopped = false;
  const started = event.listen((e) => {
    if (!stopped) tell(e.payload);
  });
  return () => {
    stopped = true;
    void started.then((stop) => stop());
  };
}

declare global {
  /** Set by the program before the page runs. */
  var shadowchartOpening: ShellState | undefined;
}

/** The program behind the window, through the generated bindings. */
export function tauriHost(): Host {
  return {
    opening: globalThis.shadowchartOpening ?? null,
    state: () => take(commands.state()),
    enrol: ({ host, authority, code, name, zone }) => take(commands.enrol({ host, ca_pem: authority, code, name, zone })),
    signIn: (email, password) => take(commands.signIn({ email, password })),
    signInCode: (code) => take(commands.signInCode(code)),
    forgottenPassword: async (email) => void (await take(commands.forgottenPassword(email))),
    prove: async (password, code) => void (await take(commands.prove(password, code))),
    unlock: (member, password) => take(commands.unlock({ member, password })),
    lock: () => take(commands.lock()),
    handOver: () => take(commands.handOver()),
    signOut: () => take(commands.signOut()),
    leaveOff: async (left) => void (await take(commands.leaveOff(left))),
    leftOff: () => take(commands.leftOff()),
    activity: async () => void (await take(commands.activity())),
    day: (date, known) => take(commands.day(date, known)),
    dayAhead: (date) => take(commands.dayAhead(date)),
    week: (date, whose) => take(commands.week(date, whose)),
    fetchDay: (date) => take(commands.fetchDay(date)),
    find: (text) => take(commands.find(text)),
    recent: (ids) => take(commands.recent(ids)),
    chart: (patient) => take(commands.chart(patient)),
    fetchChart: (patient) => take(commands.fetchChart(patient)),
    patientForm: (patient, typed) => take(commands.patientForm(patient, typed)),
    checkPatient: (form, patient) => take(commands.checkPatient(form, patient)),
    register: (request) => take(commands.register(request)),
    changePatient: (change) => take(commands.changePatient(change)),
    undoPatient: (change) => take(commands.undoPatient(change)),
    readNote: (reference) => take(commands.readNote(reference)),
    writeNote: (request) => take(commands.writeNote(request)),
    undoNote: (change) => take(commands.undoNote(change)),
    setPhoto: (change) => take(commands.setPhoto(change)),
    mergePage: (patient, other) => take(commands.mergePage(patient, other)),
    mergePatients: (request) => take(commands.mergePatients(request)),
    unmerge: (gone, comment) => take(commands.unmerge(gone, comment)),
    appointment: (id) => take(commands.appointment(id)),
    seeAlerts: async (appointment) => void (await take(commands.seeAlerts(appointment))),
    book: (request) => take(commands.book(request)),
    move: (request) => take(commands.moveAppointment(request)),
    changeVisit: (change) => take(commands.changeVisit(change)),
    setStatus: (request) => take(commands.setStatus(request)),
    markStep: (request) => take(commands.markStep(request)),
    undo: (change) => take(commands.undo(change)),
    saveDay: (date) => take(commands.saveDay(date)),
    printDay: (date) => take(commands.printDay(date)),
    syncNow: () => take(commands.syncNow()),
    outbox: () => take(commands.outbox()),
    retry: async (change) => void (await take(commands.retry(change))),
    handOn: async (change, member) => void (await take(commands.handOn(change, member))),
    withdraw: async (change) => void (await take(commands.withdraw(change))),
    openings: (change) => take(commands.openings(change)),
    rebook: (change, start, practitioner) => take(commands.rebook(change, start, practitioner)),
    readWish: (text) => take(commands.readWish(text)),
    findOpenings: (wish) => take(commands.findOpenings(wish)),
    waitlist: () => take(commands.waitlist()),
    joinWaitlist: (request) => take(commands.joinWaitlist(request)),
    leaveWaitlist: (id, reason) => take(commands.leaveWaitlist(id, reason)),
    bookWaiting: (id, start, practitioner) => take(commands.bookWaiting(id, start, practitioner)),
    offers: (practitioner, start, end) => take(commands.offers(practitioner, start, end)),
    undoWaitlist: (change) => take(commands.undoWaitlist(change)),
    toConfirm: (days) => take(commands.toConfirm(days)),
    missed: (days) => take(commands.missed(days)),
    recalls: (days) => take(commands.recalls(days)),
    noteCall: (request) => take(commands.noteCall(request)),
    addRecall: (request) => take(commands.addRecall(request)),
    endRecall: (id, whyNot) => take(commands.endRecall(id, whyNot)),
    undoList: (change) => take(commands.undoList(change)),
    planSeries: (wish) => take(commands.planSeries(wish)),
    bookSeries: (booking) => take(commands.bookSeries(booking)),
    changeSeries: (change) => take(commands.changeSeries(change)),
    undoSeries: (changes) => take(commands.undoSeries(changes)),
    rooms: () => take(commands.rooms()),
    visitTypes: () => take(commands.visitTypes()),
    setVisitType: async (type, comment) => void (await take(commands.setVisitType(type, comment))),
    keepHold: async (slot, keep) => void (await take(commands.keepHold(slot, keep))),
    overbookLimits: () => take(commands.overbookLimits()),
    setOverbookLimit: async (schedule, limit) => void (await take(commands.setOverbookLimit(schedule, limit))),
    settle: async (change, choice, seen) => void (await take(commands.settle(change, choice, seen))),
    settleByHand: (change, wish, seen) => take(commands.settleByHand(change, wish, seen)),
    givenUp: () => take(commands.givenUp()),
    bringBack: (change) => take(commands.bringBack(change)),
    policy: () => take(commands.policy()),
    setPolicy: (change) => take(commands.setPolicy(change)),
    computers: () => take(commands.computers()),
    setComputer: (change) => take(commands.setComputer(change)),
    members: () => take(commands.members()),
    setMember: (change) => take(commands.setMember(change)),
    invite: (invite) => take(commands.invite(invite)),
    secondFactor: () => take(commands.secondFactor()),
    offerSecondFactor: (password) => take(commands.offerSecondFactor(password)),
    confirmSecondFactor: (code) => take(commands.confirmSecondFactor(code)),
    keeping: () => take(commands.keeping()),
    exporting: () => take(commands.exporting()),
    exportPractice: (history) => take(commands.exportPractice(history)),
    cancelExport: async () => void (await take(commands.cancelExport())),
    deletion: () => take(commands.deletion()),
    setDeletion: (change) => take(commands.setDeletion(change)),
    settings: () => take(commands.settings()),
    setSettings: (chosen) => take(commands.setSettings(chosen)),
    onShell: (tell) => hear(events.shell, tell),
    onData: (tell) => hear(events.data, ({ kinds }) => tell(kinds)),
    onIdle: (tell) => hear(events.idle, ({ seconds_left }) => tell(seconds_left)),
  };
}
