/**
 * The state of a run in one file, so that it is saved whole or not at all: the tensors, the step, and what the record and
 * the configuration were at that moment, under one checksum.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadParams, notFinite, toHost } from "../../model/nn/checkpoint.ts";
import { type Params, subParams } from "../../model/nn/params.ts";
import { UserError } from "../../util/errors.ts";
import { type Fingerprint, writeAtomic } from "../../util/files.ts";
import { encodeSafetensors } from "../../util/safetensors.ts";
import { jsonText, parseJson } from "../../util/strict-json.ts";
import type { Tree } from "../../util/tree.ts";
import { sealLog } from "./log.ts";
import { sealed, unsealed } from "./seal.ts";

/** Groups of tensors that a run carries from step to step, for example params, optimiser, ema. */
export type TrainState = Record<string, Params>;

/** File of a run with its last saved state. */
export const STATE_FILE = "state.safetensors";
export const CONFIG = "config.json";

/** A state that was saved. */
export interface SavedState {
  state: TrainState;
  step: number;
  /** What the record held then; unknown for a state of an earlier version. */
  log?: Fingerprint;
}

/** Every tensor of a state as `group.name`. */
export const flat = (state: TrainState): Params =>
  Object.fromEntries(
    Object.entries(state).flatMap(([group, params]) =>
      Object.entries(params).map(([name, tensor]) => [`${group}.${name}`, tensor] as const),
    ),
  );

/** The name of the first tensor of a state with a number that is not finite. */
export const brokenTensor = (state: TrainState): string | undefined => notFinite(toHost(flat(state)));

/** @throws UserError naming the first tensor that is not finite; then nothing is written */
export function saveState(dir: string, state: TrainState, step: number, config: Tree): void {
  const tensors = toHost(flat(state));
  const broken = notFinite(tensors);
  if (broken) throw new UserError(`step ${step}: ${broken} is not finite`, keepsMend(dir));
  const log = sealLog(dir);
  const metadata = {
    step: String(step),
    groups: Object.keys(state).join(","),
    log: `${log.bytes} ${log.sha256}`,
    config: jsonText(config),
  };
  writeAtomic(
    join(dir, STATE_FILE),
    sealed((seal) => encodeSafetensors(tensors, { ...seal, ...metadata })),
  );
}

/** What to do after a step whose result is not to be used. */
export const keepsMend = (dir: string): string =>
  `look for the cause (the learning rate, the data); ${existsSync(join(dir, STATE_FILE)) ? `${dir} keeps the last good state` : "nothing was saved"}`;

/**
 * The last saved state, if there is one.
 * @param expect a state of the run, so that another program's is refused before it is used
 * @param unlikeAsked how the config that it was saved with differs from the run's
 * @throws UserError where it is damaged, or was saved with another configuration
 */
export function readState(
  dir: string,
  expect: TrainState,
  unlikeAsked: (saved: Tree) => string[],
): SavedState | undefined {
  const path = join(dir, STATE_FILE);
  if (!existsSync(path)) return undefined;
  const { params, metadata } = loadParams(path, {
    expect: flat(expect),
    verify: (bytes, { seal }) => {
      if (seal !== undefined && !unsealed(bytes, seal)) throw damaged(path, "its checksum does not match");
    },
    finite: true,
  });
  const { step: text, groups, log, config } = metadata;
  const step = Number(text);
  if (!/^\d+$/.test(text ?? "") || !Number.isSafeInteger(step) || !groups) throw damaged(path, "it names no step");
  if (config !== undefined) {
    const differences = unlikeAsked(parseJson(config, path, "restore it") as Tree);
    if (differences.length > 0) {
      const problem = `the state of step ${step} in ${dir} was saved with another ${CONFIG}: ${differences.join("; ")}`;
      throw new UserError(problem, "restore that file, or remove the folder to start again");
    }
  }
  const state = Object.fromEntries(groups.split(",").map((group) => [group, subParams(params, group)]));
  return { state, step, log: log === undefined ? undefined : readLog(log, path) };
}

const damaged = (path: string, why: string): UserError =>
  new UserError(
    `${path} is not the state of a training run: ${why}`,
    "restore it, or remove the folder to start again",
  );

function readLog(text: string, path: string): Fingerprint {
  const found = /^(\d+) ([0-9a-f]{64})$/.exec(text);
  if (!found) throw damaged(path, "it does not name its record");
  return { bytes: Number(found[1]), sha256: found[2] };
}
