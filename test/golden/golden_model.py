"""The diffusion transformer of lib/model/legacy again, in PyTorch and float64, from its description: one softmax over all that a
token or cell may see, rotations as complex numbers. Gives the velocities, the window loss and its gradients."""

import math

import torch
from portable_rng import Rng, uniforms

WIDTH, HEAD, DEPTH, EXPANSION = 64, 32, 2, 2
DETAIL_WIDTH, DETAIL_DEPTH = 32, 1
BATCH, CONTEXT, TARGETS = 2, 3, 2
LATENTS, PER_LATENT, CHANNELS, ACTIONS, MOTION, PLANES = 4, 15, 128, 82, 8, 16
CLIP = LATENTS * PER_LATENT
CELLS, CELL = 4, 32  # cells of a token, numbers of a cell
PICTURES = 2 * PER_LATENT * CELLS  # cells of the picture before a target and of the one that it remembers
MOTIONS = 4
CARRIED_ERRORS = (0.12, 0.22, 0.31, 0.38)
CONTEXT_SIGMA = 0.014
LEAST_SIGMA = 0.05
# For each batch row and target the context clips that it sees.
SEES = [[[1, 0, 1], [1, 1, 1]], [[0, 0, 1], [1, 0, 0]]]
# For each batch row, the latents that count.
WEIGHTS = [[0, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 1]]


def block_shapes(name, d):
    yield from [(f"{name}.modulation.w", (WIDTH, 6 * d)), (f"{name}.modulation.b", (6 * d,))]
    yield from [(f"{name}.qkv", (d, 3 * d)), (f"{name}.scale", (d // HEAD,)), (f"{name}.out", (d, d))]
    yield from [(f"{name}.up", (d, EXPANSION * d)), (f"{name}.down", (EXPANSION * d, d))]


def detail_shapes():
    d = DETAIL_WIDTH
    yield from [("detail.in", (CELL, d)), ("detail.coarse", (WIDTH, CELLS * d))]
    for i in range(DETAIL_DEPTH):
        yield from block_shapes(f"detail.{i}", d)
        yield f"detail.{i}.previous", (CELL, 2 * d)
    yield from [("detail.modulation.w", (WIDTH, 2 * d)), ("detail.modulation.b", (2 * d,)), ("detail.out", (d, CELL))]
    yield from [("detail.expected", (CELL, d)), ("detail.known", (1, d)), ("detail.doubt", (d, CELL))]


def shapes():
    d = WIDTH
    yield from [("in.w", (CHANNELS, d)), ("in.previous", (CHANNELS, d)), ("in.place", (CLIP, d)), ("sigma.1", (64, d)), ("sigma.2", (d, d))]
    yield from [("action.embedding", (ACTIONS, d)), ("action.motion", (MOTION, d))]
    for i in range(DEPTH):
        yield from block_shapes(f"blocks.{i}", d)
    yield from detail_shapes()
    yield from [("decision.prior.w", (d, MOTIONS)), ("decision.prior.b", (MOTIONS,)), ("decision.trust", (1,))]
    yield from [("action.decided", (MOTION, d)), ("in.expected", (CHANNELS, d)), ("in.known", (CELLS, d)), ("final.doubt", (d, CHANNELS))]
    yield from [("final.modulation.w", (d, 2 * d)), ("final.modulation.b", (2 * d,))]
    yield from [("final.out", (d, CHANNELS)), ("final.skip", (d, CHANNELS))]


def parameters():
    made = {}
    for name, shape in shapes():
        size = 0.3 if len(shape) == 1 else math.sqrt(1 / shape[0])
        values = uniforms(shape, -size, size, "parameter", name)
        made[name] = torch.tensor(values + (1 if name.endswith(".scale") else 0), requires_grad=True)
    return made


def clips(name, count, sigma):
    """Clips of a batch: tokens [B, C, 60, 128] and what is known of each latent [B, C, 4, ...]."""
    rng = Rng("golden", name, "actions")
    actions = [rng.int(ACTIONS) for _ in range(BATCH * count * LATENTS)]
    draw = lambda shape, size, key: torch.tensor(uniforms((BATCH, count, *shape), -size, size, name, key))
    return {
        "tokens": draw((CLIP, CHANNELS), 1.7, "tokens"),
        "previous": draw((PER_LATENT, CHANNELS), 1.7, "previous") if name == "targets" else None,
        "remembered": draw((PER_LATENT, CHANNELS), 1.7, "remembered") if name == "targets" else None,
        "cells": draw((PICTURES + CLIP * CELLS, PLANES), 4, "cells") if name == "targets" else None,
        "carried": draw((MOTIONS, LATENTS, PER_LATENT * CHANNELS), 1.7, "carried") if name == "targets" else None,
        # So little that the evidence leaves more than one motion possible.
        "known": torch.tensor(uniforms((BATCH, count, MOTIONS, CLIP * CELLS), 0, 0.02, name, "known")),
        "possible motion": draw((MOTIONS, LATENTS, MOTION), 1, "possible motion"),
        "sigma": sigma if sigma is not None else torch.tensor(uniforms((BATCH, count, LATENTS), 0.01, 0.95, name, "sigma")),
        "actions": torch.tensor(actions).reshape(BATCH, count, LATENTS),
        "motion": draw((LATENTS, MOTION), 1, "motion"),
        "angles": draw((CLIP, PLANES), 4, "angles"),
    }


def normalised(x):
    return torch.nn.functional.rms_norm(x, (x.shape[-1],), eps=1e-6)


def conditioning(p, clip):
    frequencies = 100 * 1000.0 ** (-torch.arange(32, dtype=torch.float64) / 32)
    # The network computes the phase in float32; rounding the frequencies alone keeps the difference small.
    phase = clip["sigma"][..., None] * frequencies.float().double()
    silu = torch.nn.functional.silu
    time = silu(torch.cat([phase.cos(), phase.sin()], -1) @ p["sigma.1"]) @ p["sigma.2"]
    command = time + p["action.embedding"][clip["actions"]] + clip["motion"] @ p["action.motion"]
    if clip["carried"] is None:
        return silu(command), None
    weights = decision(p, silu(command), clip)
    motion = torch.einsum("bck,bcklf->bclf", weights, clip["possible motion"])
    return silu(command + motion @ p["action.decided"]), weights


def decision(p, c, clip):
    """Weights of the motions, [B, C, K]: softmax of the command's say and of the log-likelihood of the noisy clip."""
    sigma = clip["sigma"][:, :, None]
    noisy = clip["tokens"].unflatten(2, (LATENTS, PER_LATENT)).flatten(-2)[:, :, None]
    errors = (noisy - (1 - sigma[..., None]) * clip["carried"]).square().unflatten(-1, (-1, CELL)).sum(-1)
    shared = clip["known"].amin(2, keepdim=True).unflatten(-1, (LATENTS, -1))
    variance = sigma**2 + (1 - sigma) ** 2 * torch.tensor(CARRIED_ERRORS)
    likelihood = -((errors * shared).sum(-1) / variance).sum(-1) / 2
    return torch.softmax(c.mean(2) @ p["decision.prior.w"] + p["decision.prior.b"] + likelihood * p["decision.trust"], -1)


def expected(clip, weights):
    """The clip as the weighed motions show it, [B, C, 60, 128]."""
    return torch.einsum("bck,bcklx->bclx", weights, clip["carried"]).unflatten(-1, (PER_LATENT, CHANNELS)).flatten(2, 3)


def known(clip, weights):
    return torch.einsum("bck,bckx->bcx", weights, clip["known"])


def modulated(x, shift, scale):
    return normalised(x) * (1 + scale) + shift


def per_token(c):
    return c.repeat_interleave(PER_LATENT, dim=-2)


def per_cell(c):
    return c.repeat_interleave(PER_LATENT * CELLS, dim=-2)


def rotated(x, angles):
    """x [B, C, n, H, 32]: pairs (i, i + 16) turned by the angles of their token or cell."""
    z = torch.complex(x[..., :PLANES], x[..., PLANES:]) * torch.exp(1j * angles)[..., None, :]
    return torch.cat([z.real, z.imag], -1)


class Stream:
    """Tokens, or cells, on their way through blocks; `spread` gives each of them what belongs to its latent."""

    def __init__(self, p, x, c, angles, spread):
        self.p, self.x, self.c, self.angles, self.spread = p, x, c, angles, spread

    def modulation(self, name, parts):
        return self.spread(self.c @ self.p[f"{name}.w"] + self.p[f"{name}.b"]).chunk(parts, -1)

    def heads(self, block):
        shift, scale = self.modulation(f"{block}.modulation", 6)[:2]
        qkv = modulated(self.x, shift, scale) @ self.p[f"{block}.qkv"]
        q, k, v = (part.unflatten(-1, (-1, HEAD)) for part in qkv.chunk(3, -1))
        q = normalised(q) * (self.p[f"{block}.scale"] / math.sqrt(HEAD))[:, None]
        return rotated(q, self.angles), rotated(normalised(k), self.angles), v

    def finish(self, block, attended):
        _, _, gate1, shift, scale, gate2 = self.modulation(f"{block}.modulation", 6)
        x = self.x + (1 + gate1) * (attended.flatten(-2) @ self.p[f"{block}.out"])
        hidden = torch.relu(modulated(x, shift, scale) @ self.p[f"{block}.up"]) ** 2
        self.x = x + (1 + gate2) * (hidden @ self.p[f"{block}.down"])


def tokens_of(p, clip):
    x = clip["tokens"] @ p["in.w"] + p["in.place"]
    if clip["previous"] is not None:
        x = x + (clip["previous"] @ p["in.previous"]).repeat(1, 1, LATENTS, 1)
    c, weights = conditioning(p, clip)
    if weights is not None:
        x = x + expected(clip, weights) @ p["in.expected"]
        x = x + known(clip, weights).unflatten(-1, (CLIP, CELLS)) @ p["in.known"]
    stream = Stream(p, x, c, clip["angles"], per_token)
    stream.weights = weights
    return stream


def cells_of(p, tokens, clip):
    """A token is its cells one after the other: [B, C, 60, 4 n] -> [B, C, 240, n]."""
    split = lambda x: x.unflatten(-1, (CELLS, -1)).flatten(-3, -2)
    x = split(clip["tokens"]) @ p["detail.in"] + split(normalised(tokens.x) @ p["detail.coarse"])
    x = x + split(expected(clip, tokens.weights)) @ p["detail.expected"]
    x = x + known(clip, tokens.weights)[..., None] @ p["detail.known"]
    pictures = torch.cat([split(clip["previous"]), split(clip["remembered"])], -2)
    return Stream(p, x, tokens.c, clip["cells"][:, :, PICTURES:], per_cell), pictures


def attention(q, k, v):
    """q [.., m, H, 32], k and v [.., n, H, 32]; the scale is in q."""
    weights = torch.softmax(torch.einsum("...qhd,...khd->...hqk", q, k), -1)
    return torch.einsum("...hqk,...khd->...qhd", weights, v)


def attend(own, past, sees):
    """Every clip sees itself and the past clips that `sees` names."""
    q, k, v = own
    rows = []
    for b in range(q.shape[0]):
        row = []
        for t in range(q.shape[1]):
            seen = [m for m in range(CONTEXT) if sees and sees[b][t][m]]
            keys = torch.cat([k[b, t]] + [past[1][b, m] for m in seen])
            values = torch.cat([v[b, t]] + [past[2][b, m] for m in seen])
            row.append(attention(q[b, t], keys, values))
        rows.append(torch.stack(row))
    return torch.stack(rows)


def detail(p, tokens, clip):
    """What single cells add: each sees the cells of its own clip, of the picture before it and of the remembered one, in
    one softmax."""
    cells, pictures = cells_of(p, tokens, clip)
    before = clip["cells"][:, :, :PICTURES]
    for i in range(DETAIL_DEPTH):
        q, k, v = cells.heads(f"detail.{i}")
        both = pictures @ p[f"detail.{i}.previous"]
        k_before, v_before = (part.unflatten(-1, (-1, HEAD)) for part in both.chunk(2, -1))
        keys = torch.cat([rotated(normalised(k_before), before), k], -3)
        cells.finish(f"detail.{i}", attention(q, keys, torch.cat([v_before, v], -3)))
    shift, scale = cells.modulation("detail.modulation", 2)
    read = lambda name: (modulated(cells.x, shift, scale) @ p[name]).unflatten(-2, (-1, CELLS)).flatten(-2)
    return read("detail.out"), read("detail.doubt")


def velocities(p, context, targets):
    past, future = tokens_of(p, context), tokens_of(p, targets)
    for i in range(DEPTH):
        block = f"blocks.{i}"
        past_heads, heads = past.heads(block), future.heads(block)
        future.finish(block, attend(heads, past_heads, SEES))
        past.finish(block, attend(past_heads, None, None))
    shift, scale = future.modulation("final.modulation", 2)
    sigma, noisy = per_token(targets["sigma"][..., None]), targets["tokens"]
    learned = noisy * per_token(future.c @ p["final.skip"])
    likely = expected(targets, future.weights)
    last, (picture, doubt) = modulated(future.x, shift, scale), detail(p, future, targets)
    rho = torch.tensor(CARRIED_ERRORS, dtype=torch.float64).repeat_interleave(PER_LATENT)[:, None]
    rho = rho * torch.exp(last @ p["final.doubt"] + doubt)
    gain = (1 - sigma) * rho / (sigma**2 + (1 - sigma) ** 2 * rho)
    start = likely + gain * (noisy - (1 - sigma) * likely)
    clean = last @ p["final.out"] + picture + start + learned
    return (noisy - clean) / sigma.clamp(min=LEAST_SIGMA)


def model():
    p = parameters()
    still = torch.tensor(uniforms((1,), CONTEXT_SIGMA, CONTEXT_SIGMA, "sigma")).expand(BATCH, CONTEXT, LATENTS)
    context, targets = clips("context", CONTEXT, still), clips("targets", TARGETS, None)
    predicted = velocities(p, context, targets)
    wanted = torch.tensor(uniforms((BATCH, TARGETS, CLIP, CHANNELS), -2, 2, "wanted"))
    weights = torch.tensor(WEIGHTS, dtype=torch.float64)
    squared = ((predicted - wanted) ** 2).reshape(BATCH, TARGETS * LATENTS, -1).mean(-1)
    loss = (squared * weights).sum() / weights.sum()
    loss.backward()
    gradients = {}
    for name, value in p.items():
        along = torch.tensor(uniforms(value.shape, -1, 1, "direction", name))
        gradients[name] = {"norm": value.grad.norm().item(), "along": (value.grad * along).sum().item()}
    flat = predicted.detach().flatten()
    config = {"width": WIDTH, "depth": DEPTH, "headWidth": HEAD, "expansion": EXPANSION}
    config |= {"detailWidth": DETAIL_WIDTH, "detailDepth": DETAIL_DEPTH, "carried": True}
    return {
        "origin": f"torch {torch.__version__}, float64",
        "config": config,
        "batch": BATCH,
        "context": CONTEXT,
        "targets": TARGETS,
        "mask": SEES,
        "weights": WEIGHTS,
        "loss": loss.item(),
        "rms": flat.square().mean().sqrt().item(),
        "stride": 97,
        "velocities": flat[::97].tolist(),
        "gradients": gradients,
    }
