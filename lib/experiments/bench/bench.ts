/**
 * Our training step and our sampling beside the same model in PyTorch, on the same processor with the same number of
 * threads. The programs take turns, so that whatever else the machine does meets both alike; medians are compared.
 */
import { join } from "node:path";
import { BASE_MODEL, CLIP_LATENTS } from "../../model/legacy/config.ts";
import { SAMPLER_DEFAULTS } from "../../model/legacy/sampler.ts";
import { type Backend, openBackend } from "../../runtime/backend/backend.ts";
import { measureGflops } from "../../runtime/backend/speed.ts";
import { PRETRAINING } from "../../training/pretraining/train.ts";
import { UserError } from "../../util/errors.ts";
import { ensureTorch } from "./environment.ts";
import { samplingFlops, trainingFlops } from "./flops.ts";
import { type Sampled, sample, Trainer } from "./ours.ts";
import { contextSizes } from "./plan.ts";
import { type Comparison, samplingRow, type Timings, trainingRow } from "./report.ts";
import { Torch } from "./torch.ts";
import { type Agreement, assertAgreement, compareLosses, compareSamples } from "./verify.ts";
import { CLIPS, exportWork, FOLDER, makeWork, torchSettings, VIDEOS, type Work } from "./work.ts";

export interface BenchOptions {
  /** Training steps to time, in turns of two; videos are generated once a turn. */
  steps: number;
  /** Threads of both programs; 0 is every core. */
  threads: number;
  log: (line: string) => void;
}

/** GFLOP/s of a 1024 x 1024 float32 product. */
export interface Gflops {
  ours: number;
  torch: number;
}

export interface BenchResult {
  rows: Comparison[];
  agreement: Agreement;
  /** The ceiling is the larger of the two. */
  gflops: Gflops;
  threads: number;
  versions: { backend: string; torch: string };
  /** GFLOP of one training step, and of generating and decoding all videos. */
  gflop: { trainingStep: number; sampling: number };
  /** Every time taken, in seconds. */
  seconds: { training: Timings; sampling: Timings };
}

const STEPS_A_TURN = 2;
const STEPS_COMPARED = 3;
const SGEMM_SECONDS = 0.3;
/** Threads that have just worked spin for a moment; the other program should not meet them. */
const SETTLE_MS = 250;
const FRAMES = VIDEOS * (4 * CLIP_LATENTS * CLIPS - 3);

/** Both programs, ready to work. */
interface Programs {
  backend: Backend;
  trainer: Trainer;
  sample: () => Sampled;
  torch: Torch;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/** First calls, which also compile and warm up: both programs must compute the same. */
async function verify({ trainer, sample, torch }: Programs): Promise<Agreement> {
  const losses = trainer.train(STEPS_COMPARED).losses;
  const loss = compareLosses(losses, (await torch.train(STEPS_COMPARED)).losses);
  const file = join(FOLDER, "torch-samples.safetensors");
  await torch.sample(file);
  const agreement = { loss, steps: STEPS_COMPARED, ...compareSamples(sample(), file) };
  assertAgreement(agreement);
  return agreement;
}

/** One turn of everything, ours and PyTorch's alternately. */
async function takeTurn({ backend, trainer, sample, torch }: Programs) {
  await settle();
  const ours = trainer.train(STEPS_A_TURN).seconds;
  await settle();
  const theirs = (await torch.train(STEPS_A_TURN)).seconds;
  await settle();
  const oursSampling = sample().seconds;
  await settle();
  const { seconds } = await torch.sample();
  await settle();
  const oursGflops = await measureGflops(backend.tf, { seconds: SGEMM_SECONDS });
  await settle();
  const { gflops } = await torch.sgemm(SGEMM_SECONDS);
  return {
    training: { ours, torch: theirs },
    sampling: { ours: [oursSampling], torch: [seconds] },
    gflops: { ours: oursGflops, torch: gflops },
  };
}

type Turn = Awaited<ReturnType<typeof takeTurn>>;

const gather = (parts: Timings[]): Timings => ({
  ours: parts.flatMap((part) => part.ours),
  torch: parts.flatMap((part) => part.torch),
});

function summarise(turns: Turn[], { plan }: Work) {
  const training = gather(turns.map((turn) => turn.training));
  const sampling = gather(turns.map((turn) => turn.sampling));
  const best = (program: keyof Gflops): number => Math.max(...turns.map((turn) => turn.gflops[program]));
  const gflops: Gflops = { ours: best("ours"), torch: best("torch") };
  const ceiling = Math.max(gflops.ours, gflops.torch);
  const step = trainingFlops(BASE_MODEL, PRETRAINING.batch);
  const videos = VIDEOS * samplingFlops(BASE_MODEL, contextSizes(plan), SAMPLER_DEFAULTS.steps);
  return {
    rows: [trainingRow(training, step, ceiling), samplingRow(sampling, videos, ceiling, FRAMES)],
    gflops,
    gflop: { trainingStep: step / 1e9, sampling: videos / 1e9 },
    seconds: { training, sampling },
  };
}

async function start(threads: number, python: string): Promise<{ programs: Programs; work: Work }> {
  // Both on the processor: a GPU would meet only one of the two.
  process.env.CUDA_VISIBLE_DEVICES = "-1";
  const backend = await openBackend({ threads: threads || undefined });
  const work = makeWork();
  const { params, batch, tokeniser, sampling } = work;
  const torch = await Torch.start(python, exportWork(work), torchSettings(backend.threads));
  const trainer = new Trainer(params, BASE_MODEL, batch);
  return { programs: { backend, trainer, sample: () => sample(params, BASE_MODEL, tokeniser, sampling), torch }, work };
}

/**
 * @throws UserError on impossible options, where PyTorch cannot be had, and where the two programs do not agree
 */
export async function runBench({ steps, threads, log }: BenchOptions): Promise<BenchResult> {
  if (!Number.isInteger(steps) || steps < STEPS_A_TURN)
    throw new UserError(`--steps ${steps}`, `give a whole number of steps, ${STEPS_A_TURN} or more`);
  const { programs, work } = await start(threads, await ensureTorch());
  const { backend, torch } = programs;
  try {
    const agreement = await verify(programs);
    log(describe(agreement));
    const turns: Turn[] = [];
    for (let i = 0; i < Math.floor(steps / STEPS_A_TURN); i++) turns.push(await takeTurn(programs));
    const versions = { backend: `${backend.name}, ${backend.device}`, torch: torch.version };
    return { ...summarise(turns, work), agreement, threads: backend.threads, versions };
  } finally {
    torch.stop();
  }
}

const describe = ({ loss, steps, clips, frames }: Agreement): string =>
  `same model: losses of ${steps} training steps agree to ${loss.toExponential(1)}, ` +
  `generated clips to ${clips.toExponential(1)}, ${(100 * frames).toFixed(2)} % of the bytes differ by more than one`;
