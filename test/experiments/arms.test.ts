import assert from "node:assert/strict";
import { ARMS, controlConfig, folderOf, GROUPS, jobOf, jobsOf, trainedClips } from "../../lib/experiments/index.ts";
import { checkConfig, POST_TRAINING } from "../../lib/training/posttraining/config.ts";
import { PRETRAINING } from "../../lib/training/pretraining/train.ts";

describe("experiment arms", () => {
  it("can all be run", () => {
    for (const group of GROUPS) for (const { config } of jobsOf(group)) checkConfig(config);
  });

  it("have names of their own, and a first arm in every group", () => {
    const names = ARMS.map(({ group, name }) => `${group}/${name}`);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(new Set(ARMS.map(({ group }) => group)), new Set(GROUPS));
  });

  it("come seed by seed", () => {
    const seeds = jobsOf("curriculum", [3, 4]).map(({ config }) => config.seed);
    assert.deepEqual(seeds, [3, 3, 3, 3, 4, 4, 4, 4]);
  });

  it("of further training share streams that no main run has", () => {
    const seedsOf = (group: "main" | "drift-memory"): number[] => jobsOf(group).map(({ config }) => config.seed);
    const further = jobsOf("drift-memory");
    assert.deepEqual([...new Set(further.map(({ seed }) => seed))], [...new Set(seedsOf("main"))]);
    assert.equal(new Set(further.map(({ seed, config }) => `${seed} ${config.seed}`)).size, 3);
    assert.ok(seedsOf("drift-memory").every((seed) => !seedsOf("main").includes(seed)));
  });

  it("of equal configs are one run; those of unequal ones are not", () => {
    const folders = new Map<string, string>();
    for (const group of GROUPS)
      for (const job of jobsOf(group, [0, 1])) {
        if (group === "control") continue;
        const text = JSON.stringify(Object.entries(job.config).sort());
        assert.equal(folders.get(text) ?? folderOf(job), folderOf(job));
        folders.set(text, folderOf(job));
      }
    assert.equal(new Set(folders.values()).size, folders.size);
  });

  it("the control sees as many target clips as the optimiser steps, rounded up to whole steps", () => {
    const { config } = jobOf(ARMS.filter(({ group }) => group === "control")[0], 0);
    const seen = controlConfig(config).steps * PRETRAINING.batch * 4;
    assert.ok(seen >= trainedClips(config) && seen < trainedClips(config) + PRETRAINING.batch * 4);
    const { iterations, rollout, objective } = POST_TRAINING;
    assert.equal(trainedClips(config), iterations * rollout.prompts * 2 * rollout.keep * objective.sigmas);
    assert.equal(controlConfig(config, 7).steps, 7);
  });
});
