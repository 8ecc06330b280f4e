import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { BASE_MODEL } from "../../../lib/model/legacy/config.ts";
import { modelSpec } from "../../../lib/model/legacy/spec.ts";
import { loadParams } from "../../../lib/model/nn/checkpoint.ts";
import { disposeParams, type Params } from "../../../lib/model/nn/params.ts";
import { loadTokeniser, type Tokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { decodeTrees, scoreTrees } from "../../../lib/rollout/index.ts";
import { clipActions } from "../../../lib/rollout/prompts/index.ts";
import { conditionIn, picturesIn, situationOf } from "../../../lib/rollout/situation.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { disposeBatch, updateBatch } from "../../../lib/training/posttraining/batch.ts";
import {
  checkConfig,
  POST_TRAINING,
  type PostTrainConfig,
  postTrainConfig,
  postTraining,
} from "../../../lib/training/posttraining/config.ts";
import {
  iterate,
  learningRate,
  rollOut,
  startPolicies,
  updatePolicies,
} from "../../../lib/training/posttraining/iterate.ts";
import { type Lab, makeLab } from "../../../lib/training/posttraining/lab.ts";
import { dealPairs, selectBranches } from "../../../lib/training/posttraining/select.ts";
import { postTrain } from "../../../lib/training/posttraining/train.ts";
import { optimiserOf, type PolicyState, updateFunction } from "../../../lib/training/posttraining/update.ts";
import { readMetrics } from "../../../lib/training/run.ts";
import { EVENTS, encodeEvents } from "../../../lib/training/tensorboard.ts";
import { fieldsOf } from "../../../lib/util/config.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { merged, type Part, withPath } from "../../../lib/util/tree.ts";
import { allValues, BRIGHTNESS, distance, TINY, tinyParams } from "../../rollout/tiny.ts";

type Some = Part<PostTrainConfig>;

const SMALL: Some = {
  iterations: 3,
  rollout: { horizon: 2, prompts: 2, branches: 4, keep: 2 },
  sampler: { steps: 2 },
  objective: { sigmas: 2 },
  optimiser: { steps: 2 },
};
/** Its likelihoods want a stochastic sampler. */
const FLOW_GRPO: Some = {
  objective: { name: "flow-grpo", sigmas: 1 },
  rollout: { exploration: { eta: 0.6, etaShare: 1 } },
};

describe("post-training", () => {
  let tokeniser: Tokeniser;
  const labs: Lab[] = [];
  const labOf = (part: Some = {}): Lab => {
    const rewards = [{ reward: BRIGHTNESS, weight: 1 }];
    const lab = makeLab({ config: postTrainConfig(SMALL, part), base: tinyParams(), shape: TINY, tokeniser, rewards });
    labs.push(lab);
    return lab;
  };
  const backend = { name: "native" as const, device: "CPU", threads: 1 };
  const folder = (): string => mkdtempSync(join(tmpdir(), "worldcompass-post-"));

  before(async () => {
    await openBackend();
    tokeniser = loadTokeniser();
  });
  after(() => {
    for (const lab of labs) lab.dispose();
  });

  it("its learning rate warms up, stays, and cools down in the last part alone", () => {
    const optimiser = { lr: 1, warmup: 4, cooldown: 0.25 };
    const config = postTrainConfig({ iterations: 20, optimiser });
    const rates = Array.from({ length: 20 }, (_, i) => learningRate(config, i));
    assert.deepEqual(rates.slice(0, 3), [0.25, 0.5, 0.75]);
    assert.ok(rates.slice(3, 16).every((rate) => rate === 1));
    assert.deepEqual(rates.slice(16), [0.8, 0.6, 0.4, 0.2]);
    assert.equal(learningRate(postTrainConfig(config, { optimiser: { cooldown: 0 } }), 19), 1);
  });

  it("stopped and resumed gives the same bits, metrics and videos as run through", async () => {
    const [straight, resumed] = [folder(), folder()];
    const lab = labOf();
    const options = { lab, backend, checkpoints: {}, saveEvery: 1, sampleEvery: 10 };
    const expected = await postTrain({ ...options, dir: straight });
    await assert.rejects(postTrain({ ...options, dir: resumed, lab: { ...lab, rewards: failing(4) } }), /power cut/);
    const actual = await postTrain({ ...options, dir: resumed });
    assert.deepEqual(allValues(actual), allValues(expected));
    const rewards = (dir: string): number[] => readMetrics(dir).map((m) => m["charts/brightness"]);
    assert.deepEqual(rewards(resumed), rewards(straight));
    assert.equal(rewards(resumed).length, 4, "the base and three iterations");
    const probes = (dir: string): number[] => readMetrics(dir).map((m) => m["probe/brightness"]);
    assert.deepEqual(probes(resumed), probes(straight));
    assert.ok(existsSync(join(resumed, "samples/00003.mp4")));
    assert.equal(readFileSync(join(resumed, "sessions.jsonl"), "utf8").trim().split("\n").length, 2);
    for (const dir of [straight, resumed]) rmSync(dir, { recursive: true });
  });

  it("raises what it rewards", () => {
    const lab = labOf({ rollout: { horizon: 1, branches: 6 }, optimiser: { lr: 5e-3 } });
    let state = startPolicies(lab);
    const seen: number[] = [];
    for (let i = 0; i < 12; i++) {
      const next = iterate(lab, state, i);
      for (const group of Object.values(state)) disposeParams(group);
      state = next.state;
      seen.push(brightnessOn(lab, state));
    }
    assert.ok(seen[11] > seen[0] + 5, `${seen}`);
  });

  it("what decides between motions learns at a rate of its own", () => {
    const { scaleOf, muon } = optimiserOf(postTrainConfig({ optimiser: { decisionScale: 7 } }));
    const names = Object.keys(modelSpec(BASE_MODEL));
    const faster = names.filter((name) => scaleOf(name) === 7);
    assert.deepEqual(faster, ["decision.prior.w", "decision.prior.b", "decision.trust"]);
    assert.ok(names.every((name) => scaleOf(name) === (faster.includes(name) ? 7 : 1)));
    assert.ok(!faster.some(muon));
  });

  it("the optimiser moves the policy; the old one and the average follow by their decays", () => {
    const lab = labOf({ optimiser: { steps: 1 }, averages: { oldStart: 0.25, oldSlope: 0, ema: 0.5 } });
    const before = startPolicies(lab);
    const { state } = updatePolicies(lab, before, selectionOf(lab, before), 0);
    const name = "blocks.0.qkv";
    const [p0, p1, old, ema] = [before.params, state.params, state.old, state.ema].map((g) => g[name].dataSync());
    const moved = p1[5] - p0[5];
    assert.notEqual(moved, 0);
    assert.ok(Math.abs(old[5] - (p0[5] + 0.75 * moved)) < 1e-6);
    assert.ok(Math.abs(ema[5] - (p0[5] + 0.5 * moved)) < 1e-6);
  });

  for (const part of [{ objective: { klWeight: 0.1 } }, FLOW_GRPO]) {
    it(`the compiled step equals the plain one where all policies differ: ${JSON.stringify(part)}`, () => {
      const lab = labOf(part);
      // The first call, which is recorded, has equal policies; the second must not take one for another.
      const { state } = updatePolicies(lab, startPolicies(lab), selectionOf(lab, startPolicies(lab)), 0);
      const batch = updateBatch(dealPairs(selectionOf(lab, state), 2)[0], part === FLOW_GRPO, lab.config, [1]);
      const rates = { lr: tf.scalar(1e-3), step: tf.scalar(3), oldDecay: tf.scalar(0.2), emaDecay: tf.scalar(0.9) };
      const fixed = { behaviour: state.old, reference: lab.objective.reference ? [lab.base] : [] };
      const [compiled, plain] = [lab.update, updateFunction(TINY, lab.objective, lab.config)].map((update) =>
        update(state, fixed, batch, [], rates),
      );
      for (const group of ["params", "old", "ema"] as const) {
        const [a, b] = [compiled, plain].map((result) => allValues(result.state[group]));
        // Muon's directions amplify the rounding of tiny gradients; a step is 1e-3.
        a.forEach((values, i) => {
          assert.ok(distance(values, b[i]) < 2e-5, `${group} ${i}: ${distance(values, b[i])}`);
        });
      }
    });
  }

  it("holds no more tensors after an iteration than before", () => {
    const lab = labOf();
    let state: PolicyState = startPolicies(lab);
    const counts = [0, 1, 2, 3].map((i) => {
      const next = iterate(lab, state, i);
      for (const group of Object.values(state)) disposeParams(group);
      state = next.state;
      return tf.memory().numTensors;
    });
    assert.equal(counts[3], counts[1]);
  });

  for (const part of [
    { rollout: { unit: "sequence" } },
    FLOW_GRPO,
    {
      objective: { oldPolicy: "stop-gradient", klWeight: 0.1 },
      rollout: { exploration: { guidance: [1, 2], neighbours: 1 } },
    },
  ] satisfies Some[]) {
    it(`runs with ${JSON.stringify(part)}`, () => {
      const lab = labOf(merged<Some>({ sampler: { steps: 3 } }, part));
      const before = startPolicies(lab);
      const { state, metrics } = iterate(lab, before, 1);
      assert.ok(Object.values(metrics).every(Number.isFinite), JSON.stringify(metrics));
      assert.notDeepEqual(allValues(state.params), allValues(before.params));
    });
  }

  const constant = (value: number) => [{ reward: { name: "constant", score: steady(value) }, weight: 1 }];

  for (const [what, rewards] of [
    ["all the same", constant(1)],
    ["all 0", constant(0)],
    ["the same but for rounding", [{ reward: { name: "rounded", score: rounded }, weight: 1 }]],
    ["two that cancel out", opposed()],
  ] as const) {
    it(`where rewards are ${what}, no policy moves, and the record says so`, () => {
      const lab = { ...labOf({ optimiser: { weightDecay: 0.1 } }), rewards };
      const state = startPolicies(lab);
      const counted = tf.memory().numTensors;
      const next = iterate(lab, state, 0);
      assert.equal(next.metrics["charts/deadGroups"], 1);
      assert.equal(next.metrics["charts/optimiserSteps"], 0);
      assert.ok(Object.values(next.metrics).every(Number.isFinite));
      for (const group of ["params", "optimiser", "old", "ema"] as const) {
        assert.deepEqual(allValues(next.state[group]), allValues(state[group]), group);
      }
      assert.equal(
        tf.memory().numTensors - counted,
        Object.values(state).reduce((n, g) => n + Object.keys(g).length, 0),
      );
    });
  }

  it("a run without any difference ends with the base model, to the bit", async () => {
    const dir = folder();
    const lab = { ...labOf(), rewards: constant(1) };
    const averaged = await postTrain({ dir, lab, backend, checkpoints: {}, saveEvery: 2, sampleEvery: 10 });
    assert.deepEqual(allValues(averaged), allValues(lab.base));
    rmSync(dir, { recursive: true });
  });

  it("groups without a difference are left out, the others trained, and a minibatch without any makes no step", () => {
    const lab = labOf();
    const state = startPolicies(lab);
    const trees = scored(lab, state.old, 0);
    const rewards = [[[0.5, 0.5, 0.5, 0.5]], [[0.1, 0.2, 0.2, 0.9]]];
    const selection = selectBranches(
      trees.map((tree, t) => ({ ...tree, rewards: rewards[t] })),
      lab.rewards,
      lab.config.rollout.keep,
    );
    assert.deepEqual(
      selection.pairs.map((own) => own.length),
      [0, 1],
    );
    assert.deepEqual(
      dealPairs(selection, 2).map((pairs) => pairs.length),
      [1, 0],
    );
    const { metrics, state: next } = updatePolicies(lab, state, selection, 0);
    assert.equal(metrics["charts/deadGroups"], 0.5);
    assert.equal(metrics["charts/optimiserSteps"], 1);
    assert.notDeepEqual(allValues(next.params), allValues(state.params));
  });

  for (const wrong of [Number.NaN]) {
    it(`a reward of ${wrong} ends the run, says whose it is, and leaves the saved state as it was`, async () => {
      const dir = folder();
      const lab = labOf();
      const options = { backend, checkpoints: {}, saveEvery: 1, sampleEvery: 10, dir };
      const spoilt = { ...BRIGHTNESS, score: spoiling(3, wrong) };
      await assert.rejects(
        postTrain({ ...options, lab: { ...lab, rewards: [{ reward: spoilt, weight: 1 }] } }),
        new RegExp(`UserError: reward "brightness" is ${wrong} for prompt 1 \\(.*\\), branch 3`),
      );
      const { metadata } = loadParams(join(dir, "state.safetensors"), { finite: true });
      assert.equal(metadata.step, "1");
      rmSync(dir, { recursive: true });
    });
  }

  it("what the last save measured is in the events", async () => {
    const dir = folder();
    await postTrain({ dir, lab: labOf({ iterations: 2 }), backend, checkpoints: {}, saveEvery: 1, sampleEvery: 10 });
    assert.deepEqual(readFileSync(join(dir, EVENTS)), encodeEvents(readMetrics(dir)));
    const [text, last] = [readFileSync(join(dir, EVENTS), "latin1"), readMetrics(dir).at(-1)];
    assert.ok(last && "probe/brightness" in last && "charts/distance" in last);
    assert.equal(text.split("probe/brightness").length - 1, 3);
    rmSync(dir, { recursive: true });
  });

  it("two rewards of one name are refused before anything is done", () => {
    const rewards = [BRIGHTNESS, BRIGHTNESS].map((reward) => ({ reward, weight: 1 }));
    assert.throws(
      () => makeLab({ config: postTrainConfig(SMALL), base: {}, shape: TINY, tokeniser, rewards }),
      /called "brightness"/,
    );
  });

  it("the two clips of a pair share noise and levels, unless they are to be independent", () => {
    for (const independentNoise of [false, true]) {
      const lab = labOf({ objective: { independentNoise } });
      const state = startPolicies(lab);
      const [pairs] = dealPairs(selectionOf(lab, state), 2);
      const batch = updateBatch(pairs.slice(0, 1), false, lab.config, [1]);
      const sigma = batch.points.sigma.dataSync();
      const noise = (row: number): number => {
        const [x, x0] = [batch.target.tokens, batch.points.goal].map((t) => t.dataSync()[(row + 1) * 7680 - 1]);
        return (x - (1 - sigma[row]) * x0) / sigma[row];
      };
      const equal = sigma[0] === sigma[2] && Math.abs(noise(0) - noise(2)) < 1e-4;
      assert.equal(equal, !independentNoise);
      disposeBatch(batch);
    }
  });

  for (const part of [{}, FLOW_GRPO]) {
    it(`trains a clip beside the picture that it remembered when it was sampled: ${JSON.stringify(part)}`, () => {
      const lab = labOf(part);
      const kept = selectBranches(scored(lab, startPolicies(lab).old, 1), lab.rewards, lab.config.rollout.keep);
      const [pairs] = dealPairs(kept, 2);
      const { tree } = pairs[0][0];
      assert.equal(tree.root, 1);
      const actions = [0, 1].map((n) => clipActions(tree.prompt.actions, n));
      const situation = situationOf(tree.start, actions, tree.branches[0].clips.slice(0, 1), tree.branches[0].ways);
      const { remembered } = picturesIn(situation, conditionIn(situation, actions[1]));
      const batch = updateBatch(pairs.slice(0, 1), part === FLOW_GRPO, lab.config, [1]);
      const [shown, previous] = [batch.target.remembered, batch.target.previous].map((pictures) =>
        pictures?.dataSync().subarray(0, remembered?.tokens.length),
      );
      assert.deepEqual(shown, remembered?.tokens);
      assert.notDeepEqual(shown, previous);
      disposeBatch(batch);
    });
  }

  it("what cannot be run is refused before anything is", () => {
    const wrong: Some[] = [
      { rollout: { keep: 3 } },
      { objective: { sigmas: 5 } },
      { objective: { name: "flow-grpo" } },
      { rewards: { memory: 1 } },
      { rewards: { memory: 1 }, rollout: { revisits: 1 } },
      { rollout: { exploration: { neighbours: 5 } } },
    ];
    for (const part of wrong) {
      const config = postTrainConfig(SMALL, part);
      assert.throws(() => checkConfig(config), UserError, JSON.stringify(part));
    }
    assert.throws(() => labOf({ anchor: { weight: 1 } }), /real data/);
    checkConfig(POST_TRAINING);
  });

  it("every number of the config has a range, and every name is known", () => {
    const wrong: [string, unknown][] = [
      ["seed", 1.5],
      ["seed", -1],
      ["iterations", 0],
      ["optimiser.lr", -1e-4],
      ["optimiser.lr", 0],
      ["optimiser.clipNorm", 0],
      ["optimiser.weightDecay", -1],
      ["optimiser.warmup", 0.5],
      ["optimiser.cooldown", 2],
      ["averages.ema", 1.5],
      ["averages.ema", 1],
      ["averages.oldMax", 2],
      ["rollout.revisits", 2],
      ["rollout.prompts", 0],
      ["rollout.unit", "frame"],
      ["rollout.curriculum", "none"],
      ["rollout.exploration.guidance", []],
      ["rollout.exploration.guidance", [Number.NaN]],
      ["objective.name", "ppo"],
      ["objective.oldPolicy", "none"],
      ["objective.positiveOnly", "yes"],
      ["sampler.shift", Number.POSITIVE_INFINITY],
      ["rewards.variant", "firm"],
      ["rewards.drift", Number.NaN],
      ["anchor.weigth", 1],
    ];
    for (const [name, value] of wrong) {
      const config = withPath(POST_TRAINING, name.split("."), value) as PostTrainConfig;
      const told = (error: unknown): boolean => error instanceof UserError && error.problem.includes(name);
      assert.throws(() => checkConfig(config), told, `${name} ${value}`);
    }
  });

  it("every entry says what it means, or is named so that it need not", () => {
    const silent = fieldsOf(postTraining).filter(({ about }) => about === "");
    assert.deepEqual(
      silent.map(({ name }) => name),
      ["seed", "objective.name", "optimiser.weightDecay"],
    );
  });

  it("refuses a cadence that never comes, before anything is written", async () => {
    const dir = folder();
    for (const every of [0, -1, 0.5, Number.NaN]) {
      for (const name of ["saveEvery", "sampleEvery"]) {
        const cadence = Object.assign({ saveEvery: 1, sampleEvery: 1 }, { [name]: every });
        const run = postTrain({ dir, lab: labOf(), backend, checkpoints: {}, ...cadence });
        await assert.rejects(run, new RegExp(`${name} is ${every}`));
      }
    }
    assert.deepEqual(readdirSync(dir), []);
    rmSync(dir, { recursive: true });
  });
});

function steady(value: number): typeof BRIGHTNESS.score {
  return (clips) => clips.map(() => value);
}

/** What a 32-bit float leaves of a number, computed in another order each time. */
function rounded(clips: readonly unknown[]): number[] {
  return clips.map((_, i) => Math.fround(0.7) * (1 + (i % 3) * 6e-8));
}

/** One is the other's negative, each rounded to 32 bits by itself. */
function opposed() {
  return [1, -1].map((sign) => ({
    reward: {
      name: `sign ${sign}`,
      score: (clips: Parameters<typeof BRIGHTNESS.score>[0]) =>
        BRIGHTNESS.score(clips).map((b) => Math.fround((sign * b) / 3) * 3),
    },
    weight: 1,
  }));
}

/** Brightness, whose last score is `wrong` when it is asked for the `n`-th time, counted from 0. */
function spoiling(n: number, wrong: number | undefined): typeof BRIGHTNESS.score {
  let calls = 0;
  return (clips) => {
    const scores = BRIGHTNESS.score(clips);
    return calls++ === n ? [...scores.slice(0, -1), wrong as number] : scores;
  };
}

/** A reward that fails when it is asked for the `n`-th time. */
function failing(n: number) {
  let calls = 0;
  const score: typeof BRIGHTNESS.score = (clips) => {
    if (calls++ === n) throw new Error("power cut");
    return BRIGHTNESS.score(clips);
  };
  return [{ reward: { ...BRIGHTNESS, score }, weight: 1 }];
}

function scored(lab: Lab, params: Params, i: number) {
  return scoreTrees(decodeTrees(lab.tokeniser, rollOut(lab, params, i)), lab.rewards);
}

const selectionOf = (lab: Lab, { old }: PolicyState) =>
  selectBranches(scored(lab, old, 0), lab.rewards, lab.config.rollout.keep);

/** Mean brightness on prompts and noise that training does not see. */
function brightnessOn(lab: Lab, { params }: PolicyState): number {
  const all = scored(lab, params, 999).flatMap(({ rewards }) => rewards[0]);
  return all.reduce((a, b) => a + b) / all.length;
}
