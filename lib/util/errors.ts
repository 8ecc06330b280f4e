/** An error the user can mend: says what is wrong, where, and what to do. */
export class UserError extends Error {
  override name = "UserError";
  readonly problem: string;
  readonly mend: string;

  /**
   * @param problem what is wrong, naming the thing (file, option, key)
   * @param mend what the user can do about it, as an imperative sentence
   */
  constructor(problem: string, mend: string, options?: ErrorOptions) {
    super(`${problem}\n  -> ${mend}`, options);
    this.problem = problem;
    this.mend = mend;
  }
}
