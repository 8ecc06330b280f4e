"""
Runs the PyTorch model on request, one JSON object a line in and out.

usage: torch_worker.py <tensors.safetensors> <settings as JSON>
{"do": "train", "steps": n}  -> {"seconds": [...], "losses": [...]}
{"do": "sample"}             -> {"seconds": s}; with "out", the clips and the frames are written there
{"do": "sgemm", "seconds": s} -> {"gflops": g}
"""

import json
import sys
import time

import torch
from safetensors.torch import load_file, save_file

from torch_model import (
    CLIP_LATENTS,
    CLIP_TOKENS,
    LATENT_TOKENS,
    decode,
    encode_context,
    rotate,
    rotation_of,
    velocity_with_cache,
    window_loss,
)
from torch_optimiser import Optimiser


def below(tensors, prefix):
    """The tensors under `prefix.`, actions as whole numbers."""
    start = f"{prefix}."
    found = {name[len(start) :]: t for name, t in tensors.items() if name.startswith(start)}
    return {name: t.long() if name in ("actions", "slots", "recalled") else t for name, t in found.items()}


class Trainer:
    def __init__(self, tensors, settings):
        self.params = {name: t.clone().requires_grad_() for name, t in below(tensors, "model").items()}
        self.batch = below(tensors, "batch")
        self.batch["context"] = below(tensors, "batch.context")
        self.batch["targets"] = below(tensors, "batch.targets")
        self.config, self.rates = settings["model"], settings["rates"]
        self.optimiser = Optimiser(self.params, **settings["optimiser"])

    def step(self):
        loss = window_loss(self.params, self.config, self.batch)
        loss.backward()
        self.optimiser.step(**self.rates)
        return loss.item()


class Sampler:
    """
    lib/model/legacy/rollout.ts with cached keys and values, then the tokeniser's decoder. The carried pictures are read from the
    plan, as lib/model/legacy/carry.ts made them of the other program's clips: it decodes and warps within the time that is
    measured, this one is spared both.
    """

    def __init__(self, tensors, settings):
        self.params = below(tensors, "model")
        layout = torch.channels_last
        self.decoder = {
            name: t.permute(3, 2, 0, 1).contiguous(memory_format=layout) if t.dim() == 4 else t
            for name, t in below(tensors, "tokeniser").items()
        }
        self.plan = [below(tensors, f"plan.{n}") for n in range(settings["clips"])]
        self.start = tensors["start"]
        self.config = settings["model"]
        # As JSON the level 1 is a whole number, and a tensor filled with it cannot hold the level of a context.
        self.sigmas = [float(sigma) for sigma in settings["sigmas"]]
        self.context_sigma = settings["contextSigma"]

    @torch.inference_mode()
    def run(self):
        clips, caches = [], None
        for n, told in enumerate(self.plan):
            clips.append(self.clip(n, {**told, **self.pictures(told, clips)}, caches))
            if n + 1 < len(self.plan):
                caches = self.extend(caches, clips[-1], told)
        return torch.stack(clips, 1), self.frames(clips)

    def pictures(self, told, clips):
        """What each video's next clip looks at in detail: the picture before it, and the one that it recalls."""
        if not clips:
            return {"previous": self.start, "remembered": self.start}
        latents = torch.cat(clips, 1).unflatten(1, (-1, LATENT_TOKENS))
        videos = torch.arange(latents.shape[0])
        return {"previous": latents[:, -1], "remembered": latents[videos, told["recalled"]]}

    def clip(self, n, told, caches):
        x = told["noise"].clone()
        moving = torch.ones(1, CLIP_TOKENS, 1)
        if n == 0:
            x[:, :LATENT_TOKENS] = self.start
            moving[:, :LATENT_TOKENS] = 0
        given = ("actions", "motion", "previous", "remembered", "carried", "known", "possibleMotion")
        target = {name: told[name] for name in given if name in told}
        rotations = rotation_of(told["angles"]), rotation_of(told["cells"])
        context = self.context(told, caches) if caches else []
        for sigma, following in zip(self.sigmas, self.sigmas[1:]):
            level = torch.full((x.shape[0], CLIP_LATENTS), sigma)
            if n == 0:
                level[:, 0] = self.context_sigma
            noisy = {**target, "tokens": x, "sigma": level}
            v = velocity_with_cache(self.params, self.config, noisy, *rotations, context)
            x = torch.add(x, v * moving, alpha=following - sigma)
        return x

    def context(self, told, caches):
        """Cached clips in the slots of each video, their keys turned to their place in the context."""
        slots, rotation = told["slots"], rotation_of(told["contextAngles"])
        rows = torch.arange(slots.shape[0]).unsqueeze(1)
        pick = lambda cache: cache[rows, slots].flatten(1, 2)
        return [(rotate(pick(k), rotation).transpose(1, 2), pick(v).transpose(1, 2)) for k, v in caches]

    def extend(self, caches, tokens, told):
        clips = {"tokens": tokens, "actions": told["actions"], "motion": told["ownMotion"], "angles": told["ownAngles"]}
        clips["sigma"] = torch.full((tokens.shape[0], CLIP_LATENTS), self.context_sigma)
        new = [[part.unsqueeze(1) for part in pair] for pair in encode_context(self.params, self.config, clips)]
        if caches is None:
            return new
        return [[torch.cat(parts, 1) for parts in zip(old, added)] for old, added in zip(caches, new)]

    def frames(self, clips):
        """Tokens of 2 x 2 cells -> latents -> bytes [videos, 4 n - 3, 48, 80, 3]."""
        videos = clips[0].shape[0]
        tokens = torch.cat(clips, 1).reshape(-1, 3, 5, 2, 2, 32)
        groups = decode(self.decoder, tokens.transpose(2, 3).reshape(-1, 6, 10, 32))
        pixels = groups.add(1).mul(127.5).round().clamp(0, 255).to(torch.uint8)
        pixels = pixels.reshape(-1, 12, 20, 4, 4, 4, 3).permute(0, 3, 1, 4, 2, 5, 6)
        return pixels.reshape(videos, -1, 48, 80, 3)[:, 3:].contiguous()


def sgemm(seconds, size=1024):
    a, b = torch.rand(size, size), torch.rand(size, size)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - start)
    return 2 * size**3 / best / 1e9


def train(trainer, steps):
    seconds, losses = [], []
    for _ in range(steps):
        start = time.perf_counter()
        losses.append(trainer.step())
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "losses": losses}


def sample(sampler, out=None):
    start = time.perf_counter()
    clips, frames = sampler.run()
    seconds = time.perf_counter() - start
    if out:
        save_file({"clips": clips, "frames": frames.float()}, out)
    return {"seconds": seconds}


def main():
    settings = json.loads(sys.argv[2])
    torch.set_num_threads(settings["threads"])
    torch.set_num_interop_threads(1)
    tensors = load_file(sys.argv[1])
    trainer, sampler = Trainer(tensors, settings), Sampler(tensors, settings)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        task = request.pop("do")
        if task == "train":
            answer = train(trainer, **request)
        elif task == "sample":
            answer = sample(sampler, **request)
        else:
            answer = {"gflops": sgemm(**request)}
        print(json.dumps(answer), flush=True)


main()
