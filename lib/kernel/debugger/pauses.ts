import type { Debugger } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Breakpoints } from "./breakpoints.ts";
import { type Exception, type Exceptions, exceptionOf, isBefore, reasonsOf, waitingPlaces } from "./exceptions.ts";
import { type UserFrame, userFrames } from "./frames.ts";
import { Step, type StepKind } from "./stepper.ts";
import type { Target } from "./target.ts";

/** Cells run in one thread. */
export const THREAD = 1;

export interface Paused {
  frames: UserFrame[];
  /** Where the user's functions wait, the innermost first. */
  awaiting: Debugger.Location[];
  /** What was thrown, where that is the reason. */
  exception?: Exception;
}

export interface PauseParts {
  target: Target;
  breakpoints: Breakpoints;
  exceptions: Exceptions;
  skipPackages: () => boolean;
  stopped: (body: DebugProtocol.StoppedEvent["body"]) => void;
  continued: () => void;
}

type Reason = "breakpoint" | "exception" | "step" | "pause";

/** Decides which of V8's pauses the person gets to see, and ends them. */
export class Pauses {
  readonly #parts: PauseParts;
  #paused: Paused | undefined;
  #step: Step | undefined;
  #pauseWanted = false;
  /** An interrupt is on its way: nothing may stop the cell now but the interrupt. */
  #skipping = false;

  constructor(parts: PauseParts) {
    this.#parts = parts;
  }

  get current(): Paused | undefined {
    return this.#paused;
  }

  /** @throws Error when nothing is paused */
  frame(id: number | undefined): UserFrame {
    const frame = this.#paused?.frames[id === undefined ? 0 : id - 1];
    if (!frame) throw new Error(this.#paused ? `there is no frame ${id}` : "nothing is paused");
    return frame;
  }

  async onPaused(event: Debugger.PausedEventDataType): Promise<void> {
    if (this.#skipping) return this.#resume();
    const { target, breakpoints } = this.#parts;
    if (reasonsOf(event).has("instrumentation")) {
      const script = target.scripts.get(event.callFrames[0]?.location.scriptId ?? "");
      if (script) await breakpoints.bind(script);
      if (reasonsOf(event).size === 1) return this.#resume();
    }
    const frames = await userFrames(event.callFrames, target.scripts);
    const reason = await this.#reason(event, frames);
    if (reason) await this.#stop(reason, event, frames);
  }

  /** V8 goes on, be it because we asked or not. */
  onResumed(): void {
    if (!this.#paused) return;
    this.#paused = undefined;
    this.#parts.continued();
  }

  async continue(): Promise<void> {
    if (this.#paused) await this.#resume();
  }

  async step(kind: StepKind): Promise<void> {
    const { target, skipPackages } = this.#parts;
    const frame = this.frame(undefined);
    const { frames, awaiting } = this.#paused as Paused;
    const start = {
      frame,
      callers: frames.slice(1).map(({ call }) => call.location),
      awaitedBy: awaiting.find((at) => !isInside(at, frame)),
    };
    this.#step = new Step(target.inspector, kind, start, skipPackages(), (from) => this.#stopsFrom(from));
    await this.#step.start();
  }

  /** Pauses at the next statement of the user's, now or whenever it comes. */
  async pause(): Promise<void> {
    if (this.#paused) return;
    this.#pauseWanted = true;
    await this.#parts.target.inspector.post("Debugger.pause");
  }

  /** Lets an interrupt through: whatever is paused goes on, and nothing pauses until the cell has ended. */
  async letInterruptThrough(): Promise<void> {
    this.#skipping = true;
    await this.#endStep();
    await this.#parts.target.inspector.post("Debugger.setSkipAllPauses", { skip: true });
    if (this.#paused) await this.#resume();
  }

  /** What was begun for a cell ends with it: a step does not go on in the next cell. */
  async cellEnded(): Promise<void> {
    await this.#endStep();
    if (!this.#skipping) return;
    this.#skipping = false;
    await this.#parts.target.inspector.post("Debugger.setSkipAllPauses", { skip: false });
  }

  /** Undefined where V8 goes on instead. */
  async #reason(event: Debugger.PausedEventDataType, frames: UserFrame[]): Promise<Reason | undefined> {
    const reasons = reasonsOf(event);
    const hit = this.#parts.breakpoints.hit(event.hitBreakpoints ?? []);
    if (reasons.has("exception") || reasons.has("promiseRejection")) {
      if (await this.#parts.exceptions.concernsUser(event, frames)) return "exception";
      if (!this.#step) await this.#resume();
      else await this.#step.goOnLater();
      return undefined;
    }
    if (hit.length > 0) return "breakpoint";
    if (await this.#isDebuggerStatement(event)) return "breakpoint";
    if (this.#step) {
      const goesOn = await this.#step.goesOn(event.callFrames, frames);
      return goesOn ? undefined : "step";
    }
    if (this.#pauseWanted) return this.#pauseReason(event, frames);
    await this.#resume();
    return undefined;
  }

  /** A pause that comes in the kernel's code waits for the user's. */
  async #pauseReason(event: Debugger.PausedEventDataType, frames: UserFrame[]): Promise<Reason | undefined> {
    if (frames[0]?.at && frames[0].call === event.callFrames[0]) return "pause";
    await this.#parts.target.inspector.post("Debugger.stepInto");
    return undefined;
  }

  async #isDebuggerStatement({ callFrames }: Debugger.PausedEventDataType): Promise<boolean> {
    const { scriptId, ...at } = callFrames[0].location;
    const script = this.#parts.target.scripts.get(scriptId);
    return script !== undefined && /^debugger\b/.test((await script.text()).rest(at));
  }

  async #stop(reason: Reason, event: Debugger.PausedEventDataType, frames: UserFrame[]): Promise<void> {
    await this.#endStep();
    this.#pauseWanted = false;
    const exception = reason === "exception" ? exceptionOf(event) : undefined;
    const awaiting = waitingPlaces(event).filter(({ scriptId }) => this.#parts.target.scripts.get(scriptId));
    this.#paused = { frames: frames.filter(({ at }) => at !== undefined), awaiting, exception };
    this.#parts.stopped({
      reason,
      threadId: THREAD,
      allThreadsStopped: true,
      hitBreakpointIds: this.#parts.breakpoints.hit(event.hitBreakpoints ?? []),
      ...(exception && { description: "Paused on exception", text: exception.text }),
    });
  }

  /** The user's stops in the function around a location, after it. */
  async #stopsFrom(start: Debugger.Location): Promise<Debugger.Location[]> {
    const { scriptId } = start;
    const { target } = this.#parts;
    const found = await target.inspector.post<Debugger.GetPossibleBreakpointsReturnType>(
      "Debugger.getPossibleBreakpoints",
      { start, restrictToFunction: true },
    );
    const text = await target.scripts.get(scriptId)?.text();
    return found.locations
      .filter((at) => text?.written(at) !== undefined)
      .map(({ lineNumber, columnNumber }) => ({ scriptId, lineNumber, columnNumber }));
  }

  async #endStep(): Promise<void> {
    const step = this.#step;
    this.#step = undefined;
    await step?.end();
  }

  async #resume(): Promise<void> {
    await this.#parts.target.inspector.post("Debugger.resume");
  }
}

/** Whether a place is in the function of a frame. */
function isInside(at: Debugger.Location, { call }: UserFrame): boolean {
  const scope = call.scopeChain.find(({ type }) => type === "local");
  if (!scope?.startLocation || !scope.endLocation || at.scriptId !== scope.startLocation.scriptId) return false;
  return isBefore(scope.startLocation, at) && isBefore(at, scope.endLocation);
}
