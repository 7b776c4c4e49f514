import { host, Refusal, type Account, type Invite, type MemberAct, type MembersPage } from "../../host";
import { done } from "./acts";

/** The practice's members, as the host last told of them, and what the admin asks for. */
export class MembersState {
  page = $state.raw<MembersPage | null>(null);
  /** Why the list could not be read. */
  refusal = $state<Refusal | null>(null);
  /** Why the last wish was not taken. */
  refused = $state<Refusal | null>(null);
  busy = $state(false);
  /** What was done last, in a sentence. */
  said = $state("");
  #wishes = 0;

  async read(): Promise<void> {
    const before = this.#wishes;
    try {
      const page = await host().members();
      // A list that was asked for before a wish does not know of it.
      if (this.#wishes === before) this.page = page;
      this.refusal = null;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusal = error;
    }
  }

  /** True when the host has done it. */
  async act(account: Account, act: MemberAct, comment: string): Promise<boolean> {
    return this.#wish(() => host().setMember({ member: account.tile.id, act, comment: comment.trim() || null }), (now) => done(now, act));
  }

  /** True when the invitation is on its way. */
  async invite(invite: Invite): Promise<boolean> {
    const invited = await this.#wish(
      () => host().invite(invite),
      ({ tile }) => `${tile.name} is invited. The link in the mail is good for three days.`,
    );
    // Who was added and could not be mailed is in the list all the same.
    void this.read();
    return invited;
  }

  async #wish(work: () => Promise<Account>, sentence: (now: Account) => string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.said = "";
    this.#wishes += 1;
    try {
      const now = await work();
      if (this.page) this.page = { ...this.page, accounts: this.page.accounts.map((one) => (one.tile.id === now.tile.id ? now : one)) };
      this.refused = null;
      this.said = sentence(now);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refused = error;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
