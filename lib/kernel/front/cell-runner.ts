import type { ErrorReport, Expression } from "../protocol/executor.ts";
import type { Prepared } from "../protocol/language.ts";
import type { Json } from "../wire/message.ts";
import type { Debugging } from "./debugging.ts";
import type { Executor } from "./executor.ts";
import type { LanguageClient } from "./language-client.ts";
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
}

export type Outcome = { error: ErrorReport } | { expressions: Json };

/** Takes one cell from its text to its last output. */
export class CellRunner {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(run: Run): Promise<Outcome> {
    const plan = planCell(run.request.code);
    if (plan.kind === "error") return { error: plan.error };
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
    const { language, output } = this.#parts;
    const compiled = await language.call("prepare", { cell, label: labelOf(run), code });
    if ("error" in compiled) return compiled.error;
    const mode = typeChecking(request.allowStdin);
    const checked = language.call("check", { cell, mode });
    if (mode === "block") {
      const problems = await checked;
      return problems ?? this.#execute(run, compiled.prepared);
    }
    const shown = checked.then((problems) => {
      if (problems) output.stream(cell, "stderr", `${problems.traceback.join("\n")}\n`);
    });
    const error = await this.#execute(run, compiled.prepared);
    await shown;
    return error;
  }

  async #execute(run: Run, prepared: Prepared): Promise<ErrorReport | undefined> {
    if (run.interrupted) return INTERRUPTED;
    const { cell, request } = run;
    const command = { type: "run", cell, label: labelOf(run), allowInput: request.allowStdin, ...prepared } as const;
    const { executor, debugging } = this.#parts;
    await debugging.cellStarts(cell, command.label, request.code);
    const { error } = await executor.run(command);
    await debugging.cellEnds();
    return error;
  }

  async #expressions({ request, cell }: Run): Promise<Json> {
    const entries = Object.entries(request.userExpressions);
    if (entries.length === 0) return {};
    const { language, executor } = this.#parts;
    const compile = async ([name, code]: [string, string]): Promise<Expression> => ({
      name,
      ...(await language.call("expression", { code })),
    });
    const expressions = await Promise.all(entries.map(compile));
    return executor.evaluate({ type: "expressions", cell, expressions });
  }
}

const INTERRUPTED: ErrorReport = {
  ename: "KeyboardInterrupt",
  evalue: "interrupted before the cell started",
  traceback: ["KeyboardInterrupt: interrupted before the cell started"],
};

function labelOf({ request, count }: Run): string {
  return request.storeHistory ? String(count) : "*";
}

function wallTime(ms: number): string {
  return ms < 1000 ? `Wall time: ${ms.toFixed(1)} ms\n` : `Wall time: ${(ms / 1000).toFixed(2)} s\n`;
}
