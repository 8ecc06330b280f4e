import type { ErrorReport, Expression } from "../protocol/executor.ts";
import type { LanguageMethods, Method, Prepared } from "../protocol/language.ts";
import type { Json } from "../wire/message.ts";
import type { Debugging } from "./debugging.ts";
import type { Executor } from "./executor.ts";
import { type LanguageClient, LanguageEnded } from "./language-client.ts";
import { planCell } from "./magics.ts";
import type { Output } from "./output.ts";
import type { ExecuteRequest } from "./request.ts";
import { typeChecking } from "./settings.ts";

interface Parts {
  language: LanguageClient;
  executor: Executor;
  output: Output;
  debugging: Debugging;
}

/** A cell on its way through compiler, type checker and executor. */
export interface Run {
  request: ExecuteRequest;
  cell: number;
  count: number;
  interrupted: boolean;
  /** Calls into the language process that it waits for. */
  languageCalls: number;
  /** Whether the executor has been given it. */
  started: boolean;
}

/** How long after an interrupt the language process may still answer: checks mostly take a few milliseconds. */
const PATIENCE_MS = 300;

export type Outcome = { error: ErrorReport } | { expressions: Json };

/** Takes one cell from its text to its last output. */
export class CellRunner {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(run: Run): Promise<Outcome> {
    try {
      return await this.#run(run);
    } catch (error) {
      if (!(error instanceof LanguageEnded)) throw error;
      if (!run.started) this.#parts.language.forget(run.cell);
      if (run.interrupted) return { error: interruption(run) };
      throw error;
    }
  }

  /** The executor has been told; for the language process the cell waits but a moment longer. */
  interrupted(run: Run): void {
    run.interrupted = true;
    const { language } = this.#parts;
    setTimeout(() => {
      if (run.languageCalls === 0) return;
      if (!run.started) language.forget(run.cell);
      language.withdraw(run.cell);
    }, PATIENCE_MS);
  }

  async #run(run: Run): Promise<Outcome> {
    const plan = planCell(run.request.code);
    if (plan.kind === "error") return { error: plan.error };
    const loss = this.#parts.executor.takeLoss();
    if (loss && !run.request.allowStdin) return { error: loss };
    if (loss) this.#parts.output.stream(run.cell, "stderr", `${loss.traceback.join("\n")}\n`);
    if (plan.kind === "display") {
      const { data } = plan;
      this.#parts.output.display({ type: "display", cell: run.cell, data, metadata: {}, update: false });
      return { expressions: await this.#expressions(run) };
    }
    const start = performance.now();
    const error = await this.#runCode(run, plan.code);
    if (plan.timed) this.#parts.output.stream(run.cell, "stdout", wallTime(performance.now() - start));
    return error ? { error } : { expressions: await this.#expressions(run) };
  }

  async #runCode(run: Run, code: string): Promise<ErrorReport | undefined> {
    const { cell, request } = run;
    const { language, output, debugging } = this.#parts;
    const debugged = debugging.isStarted;
    const compiled = await this.#language(run, "prepare", { cell, label: labelOf(run), code, debugged });
    if ("error" in compiled) {
      language.forget(cell);
      return compiled.error;
    }
    const mode = typeChecking(request.allowStdin);
    const checked = this.#language(run, "check", { cell, mode });
    if (mode === "block") {
      const problems = await checked;
      if (problems) language.forget(cell);
      return problems ?? this.#execute(run, compiled.prepared);
    }
    const shown = checked.then((problems) => {
      if (problems) output.stream(cell, "stderr", `${problems.traceback.join("\n")}\n`);
    });
    const [error] = await Promise.all([this.#execute(run, compiled.prepared), shown.catch(untilLater)]);
    await shown.catch((problem) => {
      if (!run.interrupted || !run.started || !(problem instanceof LanguageEnded)) throw problem;
      output.stream(cell, "stderr", "The check of its types was interrupted; the cell itself has run.\n");
    });
    return error;
  }

  async #language<M extends Method>(run: Run, method: M, argument: LanguageMethods[M][0]) {
    if (run.interrupted && !run.started) throw new LanguageEnded("interrupted");
    run.languageCalls += 1;
    try {
      return await this.#parts.language.call(method, argument, run.cell);
    } finally {
      run.languageCalls -= 1;
    }
  }

  async #execute(run: Run, prepared: Prepared): Promise<ErrorReport | undefined> {
    if (run.interrupted) {
      this.#parts.language.forget(run.cell);
      return interruption(run);
    }
    run.started = true;
    const { cell, request } = run;
    const command = { type: "run", cell, label: labelOf(run), allowInput: request.allowStdin, ...prepared } as const;
    const { executor, debugging } = this.#parts;
    await debugging.cellStarts(cell, command.label, request.code);
    const { error } = await executor.run(command);
    await debugging.cellEnds();
    return error;
  }

  async #expressions(run: Run): Promise<Json> {
    const { request, cell } = run;
    const entries = Object.entries(request.userExpressions);
    if (entries.length === 0) return {};
    const compile = async ([name, code]: [string, string]): Promise<Expression> => ({
      name,
      ...(await this.#language(run, "expression", { code })),
    });
    const expressions = await Promise.all(entries.map(compile));
    return this.#parts.executor.evaluate({ type: "expressions", cell, expressions });
  }
}

/** A failed check must not end the cell before the executor has; its error is looked at afterwards. */
function untilLater(): void {}

function interruption({ started }: Run): ErrorReport {
  const evalue = started
    ? "interrupted after the cell, in its user expressions"
    : "interrupted before the cell started";
  return { ename: "KeyboardInterrupt", evalue, traceback: [`KeyboardInterrupt: ${evalue}`] };
}

function labelOf({ request, count }: Run): string {
  return request.storeHistory ? String(count) : "*";
}

function wallTime(ms: number): string {
  return ms < 1000 ? `Wall time: ${ms.toFixed(1)} ms\n` : `Wall time: ${(ms / 1000).toFixed(2)} s\n`;
}
