/** Signatures remembered; a message is different from all others, because its id is. */
const REMEMBERED = 16_384;

/** Refuses a valid message that somebody recorded and sends again. */
export class ReplayGuard {
  #recent = new Set<string>();
  #older = new Set<string>();

  isRepeated(signature: Buffer): boolean {
    const text = signature.toString("latin1");
    if (this.#recent.has(text) || this.#older.has(text)) return true;
    this.#recent.add(text);
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    return false;
  }
}
