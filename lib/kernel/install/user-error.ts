/** A mistake that the person at the keyboard can mend: what is wrong, and how to put it right. */
export class UserError extends Error {
  override name = "UserError";

  constructor(problem: string, mend: string) {
    super(`${problem}: ${mend}`);
  }
}
