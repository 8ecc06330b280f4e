import { existsSync, readFileSync } from "node:fs";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { cellPath, HASH, PREFIX, SUFFIX } from "./cells.ts";
import { Inspection } from "./inspection.ts";
import { THREAD } from "./pauses.ts";
import type { ExceptionFilter, Session } from "./session.ts";

// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own
type Handler = (argument: any) => object | undefined | Promise<object | undefined>;

export const EXCEPTION_FILTERS: DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: "uncaught",
    label: "Uncaught Exceptions",
    description: "Errors that no catch clause handles",
    default: false,
  },
  { filter: "all", label: "All Exceptions", description: "Every error that is thrown, also one that is caught" },
];

const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsModulesRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsTerminateRequest: true,
  exceptionBreakpointFilters: EXCEPTION_FILTERS,
};

/** The body of the response to each command. What a command throws is the reason why it fails. */
export class Answers {
  readonly #session: Session;
  readonly #inspection: Inspection;

  constructor(session: Session) {
    this.#session = session;
    this.#inspection = new Inspection(session);
  }

  async answer(command: string, argument: object): Promise<object> {
    if (!Object.hasOwn(this.#commands, command)) throw new Error(`this debugger does not know "${command}"`);
    return (await this.#commands[command](argument)) ?? {};
  }

  readonly #commands: Record<string, Handler> = {
    debugInfo: () => this.#info(),
    initialize: async (client: DebugProtocol.InitializeRequestArguments) => {
      await this.#session.start(client);
      return CAPABILITIES;
    },
    attach: (options) => this.#attach(options),
    configurationDone: () => undefined,
    disconnect: () => (this.#session.isStarted ? this.#session.stop() : undefined),
    terminate: async () => {
      this.#session.parts.interrupt();
      await this.#session.stop();
      this.#session.parts.publish("terminated");
    },
    dumpCell: ({ code }: { code: string }) => {
      const sourcePath = cellPath(code);
      this.#session.dumped.set(sourcePath, code);
      return { sourcePath };
    },
    setBreakpoints: (wanted) => this.#setBreakpoints(wanted),
    setExceptionBreakpoints: async ({ filters }: DebugProtocol.SetExceptionBreakpointsArguments) => {
      await this.#session.setFilters(filters as ExceptionFilter[]);
      return { breakpoints: filters.map(() => ({ verified: true })) };
    },
    source: (wanted) => this.#source(wanted),
    threads: () => ({ threads: [{ id: THREAD, name: "cells" }] }),
    modules: () => this.#modules(),
    continue: async () => {
      await this.#session.attached.pauses.continue();
      return { allThreadsContinued: true };
    },
    next: () => this.#session.attached.pauses.step("next"),
    stepIn: () => this.#session.attached.pauses.step("stepIn"),
    stepOut: () => this.#session.attached.pauses.step("stepOut"),
    pause: () => this.#session.attached.pauses.pause(),
    stackTrace: (wanted) => this.#inspection.stackTrace(wanted),
    scopes: (wanted) => this.#inspection.scopes(wanted),
    variables: (wanted) => this.#inspection.variables(wanted),
    setVariable: (wanted) => this.#inspection.setVariable(wanted),
    evaluate: (wanted) => this.#inspection.evaluate(wanted),
    exceptionInfo: () => this.#inspection.exceptionInfo(),
    inspectVariables: () => this.#inspection.inspectVariables(),
    richInspectVariables: (wanted) => this.#inspection.richInspectVariables(wanted),
    copyToGlobals: (wanted) => this.#inspection.copyToGlobals(wanted),
  };

  #info(): object {
    const { isStarted, breakpoints, pauses } = this.#session;
    return {
      isStarted,
      hashMethod: HASH.method,
      hashSeed: HASH.seed,
      tmpFilePrefix: PREFIX,
      tmpFileSuffix: SUFFIX,
      breakpoints: breakpoints.list(),
      stoppedThreads: pauses?.current ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  async #attach({ justMyCode = true }: { justMyCode?: boolean }): Promise<undefined> {
    await this.#session.skipPackages(justMyCode);
    this.#session.parts.publish("initialized");
  }

  async #setBreakpoints({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Promise<object> {
    if (!source.path) throw new Error("breakpoints need the path of a source");
    this.#session.attached;
    return { breakpoints: await this.#session.breakpoints.set(source.path, breakpoints) };
  }

  #source({ source }: DebugProtocol.SourceArguments): object {
    const path = source?.path ?? "";
    const content = this.#session.textOf(path) ?? (existsSync(path) ? readFileSync(path, "utf8") : undefined);
    if (content === undefined) throw new Error(`there is no source ${path}`);
    return { content, mimeType: /\.[cm]?tsx?$/.test(path) ? "text/typescript" : "text/javascript" };
  }

  #modules(): object {
    const files = this.#session.attached.target.scripts.project;
    const modules = files.map(({ name, path }, id) => ({ id, name, path }));
    return { modules, totalModules: modules.length };
  }
}
