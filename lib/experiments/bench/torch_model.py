"""
The same world model in PyTorch: lib/model/legacy/dit.ts and lib/model/tokeniser/network.ts with the same parameter names, written
the way one writes it there (fused attention over concatenated keys, autograd throughout).

Layout: B batch, C clips of 4 latents, 60 tokens and 128 numbers a token; H heads of 32 channels. A token is 4 cells of
32 numbers, one after the other. `config` is lib/model/legacy/config.ts's ModelConfig.
"""

import torch
import torch.nn.functional as F

LATENT_TOKENS = 15
CLIP_LATENTS = 4
CLIP_TOKENS = LATENT_TOKENS * CLIP_LATENTS
CELL_CHANNELS = 32
LATENT_CELLS = LATENT_TOKENS * 4
PICTURE_CELLS = 2 * LATENT_CELLS  # of the picture before a clip and of a remembered one
CLIP_CELLS = CLIP_LATENTS * LATENT_CELLS
HEAD = 32
SIGMA_FEATURES = 64
LEAST_SIGMA = 0.05
CARRIED_ERRORS = (0.12, 0.22, 0.31, 0.38)


def rms_norm(x):
    return F.rms_norm(x, (x.shape[-1],), eps=1e-6)


def rotation_of(angles):
    """[B, n, 16] -> cosine and sine, [B, n, 1, 32] each."""
    twice = torch.cat([angles, angles], -1).unsqueeze(2)
    return twice.cos(), twice.sin()


def rotate(x, rotation):
    """Turns channel pairs (i, i + 16) of x [B, n, heads, 32]."""
    cos, sin = rotation
    a, b = x.chunk(2, -1)
    return torch.addcmul(x * cos, torch.cat([-b, a], -1), sin)


def modulation(p, name, c, parts):
    return (c @ p[f"{name}.w"] + p[f"{name}.b"]).unsqueeze(2).chunk(parts, -1)


def modulate(x, shift, scale):
    """x [B, n, d], n tokens or cells of as many latents as shift and scale [B, latents, 1, d] have."""
    per_latent = rms_norm(x).unflatten(1, (shift.shape[1], -1))
    return torch.addcmul(shift, per_latent, scale + 1).flatten(1, 2)


def add_gated(x, y, gate):
    return x + (y.unflatten(1, (gate.shape[1], -1)) * (gate + 1)).flatten(1, 2)


def conditioning(p, clips):
    half = SIGMA_FEATURES // 2
    frequencies = 100 * 1000 ** (-torch.arange(half) / half)
    phase = clips["sigma"].unsqueeze(-1) * frequencies
    features = torch.cat([phase.cos(), phase.sin()], -1)
    time = F.silu(features @ p["sigma.1"]) @ p["sigma.2"]
    discrete = F.embedding(clips["actions"], p["action.embedding"])
    command = time + discrete + clips["motion"] @ p["action.motion"]
    if "carried" not in clips:
        return F.silu(command), None
    decision = decide(p, F.silu(command), clips)
    motion = weigh(decision["weights"], clips["possibleMotion"]).reshape(clips["motion"].shape)
    return F.silu(command + motion @ p["action.decided"]), decision


def weigh(weights, values):
    return (weights.unsqueeze(1) @ values.flatten(2)).squeeze(1)


def decide(p, c, clips):
    """lib/model/legacy/decision.ts: the weight of every possible motion, and the clip to be expected."""
    level = clips["sigma"].reshape(-1, 1, CLIP_LATENTS)
    noisy = clips["tokens"].reshape(-1, 1, CLIP_LATENTS, LATENT_TOKENS * 4 * CELL_CHANNELS)
    errors = (noisy - (1 - level).unsqueeze(-1) * clips["carried"]).square().unflatten(-1, (-1, CELL_CHANNELS)).sum(-1)
    shared = clips["known"].amin(1, keepdim=True).unflatten(-1, (CLIP_LATENTS, -1))
    variance = level.square() + (1 - level).square() * torch.tensor(CARRIED_ERRORS)
    evidence = ((errors * shared).sum(-1) / variance).sum(-1) * -0.5
    prior = c.reshape(-1, CLIP_LATENTS, c.shape[-1]).mean(1) @ p["decision.prior.w"] + p["decision.prior.b"]
    weights = torch.softmax(prior + evidence * p["decision.trust"], -1)
    expected = weigh(weights, clips["carried"]).unflatten(-1, (CLIP_LATENTS, LATENT_TOKENS, -1))
    return {"weights": weights, "expected": expected, "known": weigh(weights, clips["known"])}


def posterior_mean(decision, clips, doubt):
    start = decision["expected"]
    level = clips["sigma"].reshape(-1, CLIP_LATENTS, 1, 1)
    share = (1 - level) * torch.tensor(CARRIED_ERRORS)[:, None, None] * doubt.reshape(start.shape).exp()
    gain = share / (level.square() + (1 - level) * share)
    return torch.addcmul(start, clips["tokens"].reshape(start.shape) - start * (1 - level), gain)


def embed(p, clips, decision=None):
    per_clip = (clips["tokens"] @ p["in.w"]).unflatten(1, (-1, CLIP_TOKENS)) + p["in.place"]
    if "previous" not in clips:
        return per_clip.flatten(1, 2)
    last = (clips["previous"] @ p["in.previous"]).unflatten(1, (-1, 1, LATENT_TOKENS))
    shown = (per_clip.unflatten(2, (CLIP_LATENTS, LATENT_TOKENS)) + last).flatten(1, 3)
    if decision is None:
        return shown
    expected = decision["expected"].reshape(clips["tokens"].shape)
    return shown + expected @ p["in.expected"] + decision["known"].reshape(*shown.shape[:2], -1) @ p["in.known"]


def heads_of(p, block, x, m):
    """Queries, keys and values before rotation, [B, n, H, 32]."""
    qkv = modulate(x, m[0], m[1]) @ p[f"{block}.qkv"]
    q, k, v = qkv.unflatten(-1, (3, -1, HEAD)).unbind(2)
    scale = p[f"{block}.scale"].unsqueeze(-1) / HEAD**0.5
    return rms_norm(q) * scale, rms_norm(k), v


def turn(heads, rotation):
    """Queries and keys rotated, and all laid out for attention, [B, H, n, 32]."""
    q, k, v = heads
    return [x.transpose(1, 2) for x in (rotate(q, rotation), rotate(k, rotation), v)]


def finish_block(p, block, x, attended, m):
    back = attended.transpose(1, 2).flatten(2)
    y = add_gated(x, back @ p[f"{block}.out"], m[2])
    hidden = F.relu(modulate(y, m[3], m[4]) @ p[f"{block}.up"]).square()
    return add_gated(y, hidden @ p[f"{block}.down"], m[5])


def attend(q, k, v, mask=None):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0)


def attend_within(q, k, v):
    """Every clip by itself."""
    n = q.shape[2]
    if n == CLIP_TOKENS:
        return attend(q, k, v)
    b = q.shape[0]
    fold = lambda x: x.unflatten(2, (-1, CLIP_TOKENS)).transpose(1, 2).flatten(0, 1)
    return attend(fold(q), fold(k), fold(v)).unflatten(0, (b, -1)).transpose(1, 2).flatten(2, 3)


def keys_before(p, block, cells, rotation):
    """Turned keys, and values, of the pictures before, [B * C, H, 120, 32]; cells [B * C, 120, 32]."""
    k, v = (cells @ p[f"{block}.previous"]).unflatten(-1, (2, -1, HEAD)).unbind(2)
    return rotate(rms_norm(k), rotation).transpose(1, 2), v.transpose(1, 2)


def detail(p, config, x, c, clips, rotation, decision):
    """lib/model/legacy/detail.ts; `rotation` of the cells, [B * C, 360, 1, 32] each: the two pictures, then the clip."""
    before, own = zip(*(part.split([PICTURE_CELLS, CLIP_CELLS], 1) for part in rotation))
    pictures = [clips[name].reshape(-1, LATENT_CELLS, CELL_CHANNELS) for name in ("previous", "remembered")]
    pictures = torch.cat(pictures, 1)
    c = c.reshape(-1, CLIP_LATENTS, config["width"])
    noisy = clips["tokens"].reshape(-1, CLIP_CELLS, CELL_CHANNELS) @ p["detail.in"]
    y = noisy + (rms_norm(x) @ p["detail.coarse"]).reshape(noisy.shape)
    if decision is not None:
        y = y + decision["expected"].reshape(noisy.shape[0], CLIP_CELLS, CELL_CHANNELS) @ p["detail.expected"]
        y = y + decision["known"].unsqueeze(-1) @ p["detail.known"]
    for i in range(config["detailDepth"]):
        block = f"detail.{i}"
        m = modulation(p, f"{block}.modulation", c, 6)
        q, k, v = turn(heads_of(p, block, y, m), own)
        k_before, v_before = keys_before(p, block, pictures, before)
        y = finish_block(p, block, y, attend(q, torch.cat([k_before, k], 2), torch.cat([v_before, v], 2)), m)
    shift, scale = modulation(p, "detail.modulation", c, 2)
    last = modulate(y, shift, scale)
    read = lambda name: (last @ p[name]).reshape(clips["tokens"].shape) if name in p else None
    return read("detail.out"), read("detail.doubt")


def predict(p, config, x, c, decision, clips, cell_rotation):
    shift, scale = modulation(p, "final.modulation", c, 2)
    last = modulate(x, shift, scale)
    picture, doubt = last @ p["final.out"], last @ p["final.doubt"] if decision else None
    if config["detailDepth"]:
        fine, finer_doubt = detail(p, config, x, c, clips, cell_rotation, decision)
        picture, doubt = picture + fine, doubt + finer_doubt if decision else None
    sigma = clips["sigma"].unsqueeze(-1)
    rest = 1 - sigma
    noisy = clips["tokens"].unflatten(1, (-1, LATENT_TOKENS))
    skip = c @ p["final.skip"]
    if decision is None:
        skip = skip + rest / (sigma.square() + rest.square())
    clean = torch.addcmul(picture.unflatten(1, (-1, LATENT_TOKENS)), noisy, skip.unsqueeze(2))
    if decision is not None:
        clean = clean + posterior_mean(decision, clips, doubt).reshape(clean.shape)
    return ((noisy - clean) / sigma.clamp(min=LEAST_SIGMA).unsqueeze(2)).flatten(1, 2)


def visible(mask):
    """[B, T, M] -> [B, 1, T * 60, (M + T) * 60]: the context as the mask says, then the target's own clip."""
    b, t, _ = mask.shape
    own = torch.eye(t, dtype=torch.bool).expand(b, t, t)
    clips = torch.cat([mask > 0, own], 2)
    return clips.repeat_interleave(CLIP_TOKENS, 1).repeat_interleave(CLIP_TOKENS, 2).unsqueeze(1)


def velocity_in_window(p, config, context, targets, mask):
    (past_c, _), (future_c, decision) = conditioning(p, context), conditioning(p, targets)
    past, future = embed(p, context), embed(p, targets, decision)
    past_turn, future_turn = rotation_of(context["angles"]), rotation_of(targets["angles"])
    seen = visible(mask)
    for i in range(config["depth"]):
        block = f"blocks.{i}"
        past_m = modulation(p, f"{block}.modulation", past_c, 6)
        past_q, past_k, past_v = turn(heads_of(p, block, past, past_m), past_turn)
        m = modulation(p, f"{block}.modulation", future_c, 6)
        q, k, v = turn(heads_of(p, block, future, m), future_turn)
        attended = attend(q, torch.cat([past_k, k], 2), torch.cat([past_v, v], 2), seen)
        future = finish_block(p, block, future, attended, m)
        if i + 1 < config["depth"]:
            past = finish_block(p, block, past, attend_within(past_q, past_k, past_v), past_m)
    return predict(p, config, future, future_c, decision, targets, rotation_of(targets["cells"]))


def window_loss(p, config, batch):
    predicted = velocity_in_window(p, config, batch["context"], batch["targets"], batch["mask"])
    squared = (predicted - batch["velocities"]).square().unflatten(1, (-1, LATENT_TOKENS)).mean((2, 3))
    return (squared * batch["weights"]).sum() / batch["weights"].sum()


def encode_context(p, config, clips):
    """Per block keys and values of one finished clip of every video, before rotation: [B, 60, H, 32]."""
    x, (c, _), rotation = embed(p, clips), conditioning(p, clips), rotation_of(clips["angles"])
    cache = []
    for i in range(config["depth"]):
        block = f"blocks.{i}"
        m = modulation(p, f"{block}.modulation", c, 6)
        heads = heads_of(p, block, x, m)
        cache.append(heads[1:])
        if i + 1 < config["depth"]:
            x = finish_block(p, block, x, attend(*turn(heads, rotation)), m)
    return cache


def velocity_with_cache(p, config, target, rotation, cell_rotation, context):
    """`context`: per block turned keys, and values, [B, H, n, 32]; empty for a video's first clip."""
    c, decision = conditioning(p, target)
    x = embed(p, target, decision)
    for i in range(config["depth"]):
        block = f"blocks.{i}"
        m = modulation(p, f"{block}.modulation", c, 6)
        q, k, v = turn(heads_of(p, block, x, m), rotation)
        if context:
            k, v = torch.cat([context[i][0], k], 2), torch.cat([context[i][1], v], 2)
        x = finish_block(p, block, x, attend(q, k, v), m)
    return predict(p, config, x, c, decision, target, cell_rotation)


def convolve(p, name, x):
    return F.conv2d(x, p[f"{name}.w"], p[f"{name}.b"], padding="same")


def residual(p, name, x):
    normed = rms_norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    return x + convolve(p, f"{name}.2", F.relu(convolve(p, f"{name}.1", normed)))


def unfold_twice(x):
    """[n, h, w, 4 c] -> [n, 2 h, 2 w, c]."""
    n, h, w, c = x.shape
    return x.reshape(n, h, w, 2, 2, c // 4).transpose(2, 3).reshape(n, 2 * h, 2 * w, c // 4)


def decode(p, latents):
    """Latents [n, 6, 10, 32] -> folded groups [n, 12, 20, 192]; channels last in memory throughout."""
    x = convolve(p, "dec.in", latents.permute(0, 3, 1, 2))
    x = residual(p, "dec.wide2", residual(p, "dec.wide1", x))
    x = unfold_twice(x.permute(0, 2, 3, 1) @ p["dec.up.w"]).permute(0, 3, 1, 2)
    x = residual(p, "dec.narrow2", residual(p, "dec.narrow1", x))
    plain = unfold_twice(latents @ p["linear.synthesis"] + p["linear.mean"])
    return plain + convolve(p, "dec.out", x).permute(0, 2, 3, 1)
