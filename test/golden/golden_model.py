"""The diffusion transformer of lib/model again, in PyTorch and float64, from its description: one softmax over all that a
token may see, rotations as complex numbers. Gives the velocities, the window loss and its gradients."""

import math

import torch
from portable_rng import Rng, uniforms

WIDTH, HEADS, DEPTH, EXPANSION = 64, 2, 2, 2
BATCH, CONTEXT, TARGETS = 2, 3, 2
LATENTS, PER_LATENT, CHANNELS, ACTIONS, MOTION, PLANES = 4, 15, 128, 82, 8, 16
CLIP = LATENTS * PER_LATENT
CONTEXT_SIGMA = 0.014
LEAST_SIGMA = 0.05
# For each batch row and target the context clips that it sees.
SEES = [[[1, 0, 1], [1, 1, 1]], [[0, 0, 1], [1, 0, 0]]]
# For each batch row, the latents that count.
WEIGHTS = [[0, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 0, 1]]


def shapes():
    d = WIDTH
    yield from [("in.w", (CHANNELS, d)), ("in.previous", (CHANNELS, d)), ("in.place", (CLIP, d)), ("sigma.1", (64, d)), ("sigma.2", (d, d))]
    yield from [("action.embedding", (ACTIONS, d)), ("action.motion", (MOTION, d))]
    for i in range(DEPTH):
        yield from [(f"blocks.{i}.modulation.w", (d, 6 * d)), (f"blocks.{i}.modulation.b", (6 * d,))]
        yield from [(f"blocks.{i}.qkv", (d, 3 * d)), (f"blocks.{i}.scale", (HEADS,)), (f"blocks.{i}.out", (d, d))]
        yield from [(f"blocks.{i}.up", (d, EXPANSION * d)), (f"blocks.{i}.down", (EXPANSION * d, d))]
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
    return silu(time + p["action.embedding"][clip["actions"]] + clip["motion"] @ p["action.motion"])


def modulated(x, shift, scale):
    return normalised(x) * (1 + scale) + shift


def per_token(c):
    return c.repeat_interleave(PER_LATENT, dim=-2)


def rotated(x, angles):
    """x [B, C, 60, H, 32]: pairs (i, i + 16) turned by the angles of their token."""
    z = torch.complex(x[..., :PLANES], x[..., PLANES:]) * torch.exp(1j * angles)[..., None, :]
    return torch.cat([z.real, z.imag], -1)


class Stream:
    def __init__(self, p, clip):
        self.p, self.clip = p, clip
        self.x = clip["tokens"] @ p["in.w"] + p["in.place"]
        if clip["previous"] is not None:
            self.x = self.x + (clip["previous"] @ p["in.previous"]).repeat(1, 1, LATENTS, 1)
        self.c = conditioning(p, clip)

    def modulation(self, name, parts):
        return per_token(self.c @ self.p[f"{name}.w"] + self.p[f"{name}.b"]).chunk(parts, -1)

    def heads(self, i):
        shift, scale = self.modulation(f"blocks.{i}.modulation", 6)[:2]
        qkv = modulated(self.x, shift, scale) @ self.p[f"blocks.{i}.qkv"]
        q, k, v = (part.unflatten(-1, (HEADS, 32)) for part in qkv.chunk(3, -1))
        q = normalised(q) * (self.p[f"blocks.{i}.scale"] / math.sqrt(32))[:, None]
        return rotated(q, self.clip["angles"]), rotated(normalised(k), self.clip["angles"]), v

    def finish(self, i, attended):
        _, _, gate1, shift, scale, gate2 = self.modulation(f"blocks.{i}.modulation", 6)
        x = self.x + (1 + gate1) * (attended.flatten(-2) @ self.p[f"blocks.{i}.out"])
        hidden = torch.relu(modulated(x, shift, scale) @ self.p[f"blocks.{i}.up"]) ** 2
        self.x = x + (1 + gate2) * (hidden @ self.p[f"blocks.{i}.down"])


def attention(q, k, v):
    """q [60, H, 32], k and v [n, H, 32]; the scale is in q."""
    weights = torch.softmax(torch.einsum("qhd,khd->hqk", q, k), -1)
    return torch.einsum("hqk,khd->qhd", weights, v)


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


def velocities(p, context, targets):
    past, future = Stream(p, context), Stream(p, targets)
    for i in range(DEPTH):
        past_heads, heads = past.heads(i), future.heads(i)
        future.finish(i, attend(heads, past_heads, SEES))
        past.finish(i, attend(past_heads, None, None))
    shift, scale = future.modulation("final.modulation", 2)
    sigma, noisy = per_token(targets["sigma"][..., None]), targets["tokens"]
    skip = (1 - sigma) / (sigma**2 + (1 - sigma) ** 2) + per_token(future.c @ p["final.skip"])
    clean = modulated(future.x, shift, scale) @ p["final.out"] + noisy * skip
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
    return {
        "origin": f"torch {torch.__version__}, float64",
        "config": {"width": WIDTH, "depth": DEPTH, "headWidth": 32, "expansion": EXPANSION},
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
