/**
 * Gives each card a seat, a number that is the key of its element: who was seated stays, and who comes takes a seat that
 * was left. So a refresh moves no focus, and another day writes new words into the elements at hand, which is faster than
 * making two hundred.
 */
export class Seats {
  #taken = new Map<string, number>();

  /** The seats of these cards, in their order. */
  take(ids: readonly string[]): number[] {
    const before = this.#taken;
    const kept = new Set(ids.map((id) => before.get(id)));
    let next = 0;
    const free = (): number => {
      while (kept.has(next)) next++;
      return next++;
    };
    this.#taken = new Map(ids.map((id) => [id, before.get(id) ?? free()]));
    return ids.map((id) => this.#taken.get(id) as number);
  }
}
