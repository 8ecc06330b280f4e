/** Where progress is shown: standard error, unless told otherwise. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly unit?: string;
  readonly stream?: ProgressStream;
}

const BAR = 24;
/** A terminal's line is redrawn this often; elsewhere (logs) a new line is written, more rarely. In ms. */
const TERMINAL_INTERVAL = 200;
const LOG_INTERVAL = 10_000;

/** Seconds as 42s, 3m05s or 2h07m. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${pad(s % 60)}s`;
  return `${Math.floor(s / 3600)}h${pad(Math.floor(s / 60) % 60)}m`;
}

/** A progress bar with speed and time left: one line redrawn on a terminal, a line now and then in a log. */
export class Progress {
  private readonly label: string;
  private readonly total: number;
  private readonly before: number;
  private readonly unit: string;
  private readonly stream: ProgressStream;
  private readonly start = performance.now();
  private current: number;
  private shown = -Infinity;
  private shownState = "";

  /**
   * @param total steps in all
   * @param done steps already done before this run; they do not count towards the speed
   */
  constructor(
    label: string,
    total: number,
    done = 0,
    { unit = "steps", stream = process.stderr }: ProgressOptions = {},
  ) {
    this.label = label;
    this.total = total;
    this.before = done;
    this.current = done;
    this.unit = unit;
    this.stream = stream;
  }

  /** Counts `steps` more, and shows them if it is time; `note` follows the bar (a loss, say). */
  advance(steps = 1, note = ""): void {
    this.update(this.current + steps, note);
  }

  /** Sets how many steps are done; otherwise as `advance`. */
  update(current: number, note = ""): void {
    this.current = current;
    const interval = this.stream.isTTY ? TERMINAL_INTERVAL : LOG_INTERVAL;
    if (performance.now() - this.shown >= interval) this.show(note);
  }

  /** Shows the last state and ends the line. */
  finish(note = ""): void {
    this.show(note);
    if (this.stream.isTTY) this.stream.write("\n");
  }

  /** The line as it stands. */
  line(note = ""): string {
    const seconds = (performance.now() - this.start) / 1000;
    const rate = (this.current - this.before) / Math.max(seconds, 1e-3);
    const filled = Math.round((BAR * this.current) / Math.max(this.total, 1));
    const bar = "#".repeat(filled) + "-".repeat(Math.max(0, BAR - filled));
    const left = rate > 0 ? duration((this.total - this.current) / rate) : "?";
    const time = this.current >= this.total ? `took ${duration(seconds)}` : `${left} left`;
    const speed = `${rate.toPrecision(3)} ${this.unit}/s`;
    return [`${this.label} [${bar}] ${this.current}/${this.total}`, speed, time, note].filter(Boolean).join("  ");
  }

  private show(note: string): void {
    this.shown = performance.now();
    const state = `${this.current} ${note}`;
    if (state === this.shownState) return;
    this.shownState = state;
    this.stream.write(this.stream.isTTY ? `\r\u001b[2K${this.line(note)}` : `${this.line(note)}\n`);
  }
}
