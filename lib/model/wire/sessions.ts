/** The sessions of a model server: so many at a time, in each one step after the other, and no step twice. */
import { randomUUID } from "node:crypto";
import { UserError } from "../../util/errors.ts";
import type { Rollout } from "../worldModel.ts";

export interface SessionLimits {
  /** Most sessions at a time; one more is refused. Default 16. */
  readonly sessions?: number;
  /** Seconds after which a session that nobody asks for makes room for another one. Default 600. */
  readonly idle?: number;
}

/** A request, and what it was answered. */
interface Answered {
  readonly request: Buffer;
  readonly answer: Buffer;
}

interface Session {
  readonly rollout: Rollout;
  used: number;
  /** Ends with the last of what is under way. */
  turn: Promise<unknown>;
  last?: Answered;
}

export class Sessions {
  private readonly most: number;
  private readonly idle: number;
  private readonly open = new Map<string, Session>();
  private opening = 0;

  constructor({ sessions = 16, idle = 600 }: SessionLimits) {
    this.most = sessions;
    this.idle = 1000 * idle;
  }

  /** @returns its name. @throws UserError where there is no room */
  async begin(start: () => Promise<Rollout>): Promise<string> {
    this.makeRoom();
    this.opening++;
    try {
      const rollout = await start();
      const name = randomUUID();
      this.open.set(name, { rollout, used: Date.now(), turn: Promise.resolve() });
      return name;
    } finally {
      this.opening--;
    }
  }

  /**
   * Takes a step after those that were asked for before; the same request again, since its answer was lost, has the same answer.
   * @param made clips that whoever asks knows of; without it no request is known again
   * @throws UserError where there is no such session, or where it is elsewhere
   */
  async step(name: string, request: Buffer, made: number | undefined, work: (rollout: Rollout) => Promise<Buffer>) {
    const session = this.find(name);
    const { rollout } = session;
    return this.inTurn(session, async () => {
      if (made !== undefined && session.last?.request.equals(request)) return session.last.answer;
      if (made !== undefined && made !== rollout.length)
        throw new UserError(`the session has ${rollout.length} clips, not ${made}`, "reset, and begin again");
      const answer = await work(rollout);
      session.last = { request, answer };
      return answer;
    });
  }

  /** @throws UserError where there is no such session */
  async end(name: string): Promise<void> {
    const session = this.find(name);
    this.open.delete(name);
    await this.inTurn(session, async () => session.rollout.dispose());
  }

  private find(name: string): Session {
    const session = this.open.get(name);
    if (!session)
      throw new UserError(`there is no session "${name}"`, "reset first; a server that was started again has none");
    session.used = Date.now();
    return session;
  }

  private inTurn<T>(session: Session, work: () => Promise<T>): Promise<T> {
    const done = session.turn.then(work);
    // Whoever asked hears of a failure; the next one's turn comes all the same.
    session.turn = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  /** Whoever has died closes nothing. */
  private makeRoom(): void {
    for (const [name, session] of this.open) {
      if (this.open.size + this.opening < this.most || Date.now() - session.used < this.idle) continue;
      this.open.delete(name);
      this.inTurn(session, async () => session.rollout.dispose());
    }
    const taken = this.open.size + this.opening;
    if (taken >= this.most) throw new UserError(`${taken} sessions are open`, "close one first");
  }
}
