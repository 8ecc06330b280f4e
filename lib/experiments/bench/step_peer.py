"""The same training step in PyTorch: `step_peer.py FOLDER THREADS PRODUCTS STEPS` prints a line of JSON.

FOLDER holds a network's parameters and a batch of windows (lib/experiments/bench/step.ts). PRODUCTS is float32, or bfloat16 by
autocast. The line has the loss before the first step, and the processor seconds of each step. Eager, with the fused attention,
AdamW and Muon that PyTorch has.
"""

import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

FOLDER, THREADS, PRODUCTS, STEPS = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
FACTS = json.loads((FOLDER / "facts.json").read_text())
HEADS, DEPTH, CELL_DEPTH = FACTS["heads"], FACTS["depth"], FACTS["cellDepth"]
CLIP_LATENTS, PATCH = 4, 2
UNCOUNTED = 2

torch.set_num_threads(THREADS)


def rms_norm(x):
    return F.rms_norm(x, (x.shape[-1],), eps=1e-6)


def to_tokens(grid):
    n, rows, columns, c = grid.shape
    bands = grid.reshape(n, rows // PATCH, PATCH, columns // PATCH, PATCH * c)
    return bands.transpose(2, 3).reshape(n, -1, PATCH * PATCH * c)


def to_grid(tokens, rows, columns):
    n, _, c = tokens.shape
    bands = tokens.reshape(n, rows // PATCH, columns // PATCH, PATCH, c // PATCH)
    return bands.transpose(2, 3).reshape(n, rows, columns, c // PATCH**2)


def conditioning(p, clips):
    sigma = clips["sigma"][..., None]
    phase = 100 * 1000.0 ** (-torch.arange(32) / 32) * sigma
    time_part = F.silu(torch.cat([phase.cos(), phase.sin()], -1) @ p["sigma.1"]) @ p["sigma.2"]
    discrete = F.embedding(clips["actions"].long(), p["action.embedding"])
    return F.silu(time_part + discrete + clips["motion"] @ p["action.motion"])


def embed(p, clips, previous=None):
    b, latents = clips["sigma"].shape
    x = to_tokens(clips["latents"]) @ p["in.w"]
    if previous is not None:
        x = x + to_tokens(previous) @ p["in.previous"]
    x = x.reshape(-1, CLIP_LATENTS * x.shape[1], x.shape[2]) + p["in.place"]
    return x.reshape(b, -1, x.shape[2])


def rotation_of(angles):
    twice = torch.cat([angles, angles], -1)[:, None]
    return twice.cos(), twice.sin()


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


def modulate(x, shift, scale):
    b, n, d = x.shape
    y = rms_norm(x).reshape(b, shift.shape[1], -1, d)
    return (y * (1 + scale) + shift).reshape(b, n, d)


def add_gated(x, y, gate):
    b, n, d = x.shape
    return x + (y.reshape(b, gate.shape[1], -1, d) * (1 + gate)).reshape(b, n, d)


def modulation_of(p, block, c):
    return (c @ p[f"{block}.modulation.w"] + p[f"{block}.modulation.b"])[:, :, None].chunk(6, -1)


def heads_of(p, block, x, m, rotation):
    b, n, _ = x.shape
    qkv = (modulate(x, m[0], m[1]) @ p[f"{block}.qkv"]).reshape(b, n, 3, HEADS, 32).permute(2, 0, 3, 1, 4)
    q, k, v = qkv.unbind(0)
    q = rms_norm(q) * p[f"{block}.scale"][:, None, None]
    return rotate(q, rotation), rotate(rms_norm(k), rotation), v


def finish_block(p, block, x, attended, m):
    y = add_gated(x, attended.transpose(1, 2).reshape(x.shape) @ p[f"{block}.out"], m[2])
    hidden = F.relu(modulate(y, m[3], m[4]) @ p[f"{block}.up"]).square()
    return add_gated(y, hidden @ p[f"{block}.down"], m[5])


def within(heads, size):
    """Attention of each clip to itself."""
    b, h, n, d = heads[0].shape
    apart = [t.reshape(b, h, n // size, size, d).transpose(1, 2).reshape(-1, h, size, d) for t in heads]
    out = F.scaled_dot_product_attention(*apart)
    return out.reshape(b, n // size, h, size, d).transpose(1, 2).reshape(b, h, n, d)


def convolve(x, weight):
    return F.conv2d(x, weight.permute(3, 2, 0, 1), padding=1)


def norm_channels(x):
    return rms_norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def cell_stage(p, tokens, c, noisy, previous):
    rows, columns = noisy.shape[1:3]
    coarse = to_grid(rms_norm(tokens) @ p["cells.coarse"], rows, columns).permute(0, 3, 1, 2)
    x = convolve(torch.cat([noisy, previous], -1).permute(0, 3, 1, 2), p["cells.in"]) + coarse
    for i in range(CELL_DEPTH):
        name = f"cells.{i}"
        m = (c @ p[f"{name}.modulation.w"] + p[f"{name}.modulation.b"])[:, :, None, None].chunk(3, 1)
        y = convolve(norm_channels(x) * (1 + m[1]) + m[0], p[f"{name}.1"]).relu()
        x = x + convolve(y, p[f"{name}.2"]) * (1 + m[2])
    return convolve(norm_channels(x).relu(), p["cells.out"]).permute(0, 2, 3, 1)


def velocity(p, past, future, seen):
    size = p["in.place"].shape[0]
    previous = future["previous"].repeat_interleave(CLIP_LATENTS, 0)
    pc, px, pr = conditioning(p, past), embed(p, past), rotation_of(past["angles"])
    fc, fx, fr = conditioning(p, future), embed(p, future, previous), rotation_of(future["angles"])
    for i in range(DEPTH):
        block = f"blocks.{i}"
        pm, fm = modulation_of(p, block, pc), modulation_of(p, block, fc)
        ph, fh = heads_of(p, block, px, pm, pr), heads_of(p, block, fx, fm, fr)
        keys, values = torch.cat([fh[1], ph[1]], 2), torch.cat([fh[2], ph[2]], 2)
        fx = finish_block(p, block, fx, F.scaled_dot_product_attention(fh[0], keys, values, seen), fm)
        if i + 1 < DEPTH:
            px = finish_block(p, block, px, within(ph, size), pm)
    flat = fc.reshape(-1, fc.shape[-1])
    noisy = future["latents"]
    sigma = future["sigma"].reshape(-1, 1, 1, 1)
    share = (1 - sigma) / (sigma**2 + (1 - sigma) ** 2) + (flat @ p["final.skip"])[:, None, None]
    tokens = fx.reshape(noisy.shape[0], -1, fx.shape[-1])
    clean = noisy * share + cell_stage(p, tokens, flat, noisy, previous)
    return (noisy - clean) / sigma.clamp_min(0.05)


def loss_of(p, batch):
    predicted = velocity(p, batch["context"], batch["targets"], batch["seen"])
    weights = batch["weights"]
    per_latent = (predicted.float() - batch["velocities"]).square().reshape(*weights.shape, -1).mean(-1)
    return (per_latent * weights).sum() / weights.sum()


def group(tensors, prefix):
    return {name[len(prefix) + 1 :]: t for name, t in tensors.items() if name.startswith(f"{prefix}.")}


def load_batch():
    tensors = load_file(FOLDER / "batch.safetensors")
    mask = tensors["mask"].bool()
    b, t, m = mask.shape
    size = FACTS["clipTokens"]
    own = torch.eye(t, dtype=torch.bool).expand(b, t, t)
    seen = torch.cat([own, mask], 2).repeat_interleave(size, 1).repeat_interleave(size, 2)[:, None]
    parts = {name: group(tensors, name) for name in ("context", "targets")}
    return {**parts, "seen": seen, "velocities": tensors["velocities"], "weights": tensors["weights"]}


def optimisers(params):
    muon = [t for name, t in params.items() if name in FACTS["muon"]]
    others = [t for name, t in params.items() if name not in FACTS["muon"]]
    lr = FACTS["lr"]
    return [
        torch.optim.Muon(muon, lr=lr, weight_decay=0, momentum=0.95, nesterov=True, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=lr / 2, betas=(0.9, 0.95), weight_decay=0, fused=True),
    ]


params = {name: t.requires_grad_() for name, t in load_file(FOLDER / "params.safetensors").items()}
average = [t.detach().clone() for t in params.values()]
batch, own = load_batch(), optimisers(params)
losses, seconds = [], []
for _ in range(UNCOUNTED + STEPS):
    began = time.process_time()
    with torch.autocast("cpu", torch.bfloat16, enabled=PRODUCTS == "bfloat16"):
        loss = loss_of(params, batch)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(params.values(), 1.0)
    for optimiser in own:
        optimiser.step()
        optimiser.zero_grad()
    torch._foreach_lerp_(average, [t.detach() for t in params.values()], 0.002)
    losses.append(loss.item())
    seconds.append(time.process_time() - began)
print(json.dumps({"version": torch.__version__, "loss": losses[0], "seconds": seconds[UNCOUNTED:]}))
