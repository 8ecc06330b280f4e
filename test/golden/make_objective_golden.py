"""Writes objective.json: losses and gradients of the post-training objectives, computed by PyTorch in float64.

Run: python test/golden/make_objective_golden.py (needs torch)
"""
import json
from pathlib import Path

import torch

torch.manual_seed(0)
B, N, C = 5, 6, 4
SIGMA = torch.tensor([0.9, 0.7, 0.5, 0.3, 0.1], dtype=torch.float64)
OPTIMALITY = torch.tensor([1.0, 0.8, 0.5, 0.25, 0.0], dtype=torch.float64)
MASK = torch.tensor([0.0, 0, 1, 1, 1, 1], dtype=torch.float64).reshape(1, N, 1)


def normal():
    return torch.randn(B, N, C, dtype=torch.float32).double()


def mean(x):
    return (x * MASK).sum((1, 2)) / (MASK.sum() * C)


def nft(v_theta, t, beta=1.0, adaptive=True, stop=False, positive=False, kl=0.0):
    sigma = SIGMA.reshape(B, 1, 1)
    v_old = v_theta.detach() if stop else t["vOld"]

    def error(v):
        e = t["xt"] - sigma * v - t["x0"]
        size = mean(e.abs()).detach().clamp(min=1e-5)
        return mean(e ** 2) / (size if adaptive else 1)

    loss = OPTIMALITY * error((1 - beta) * v_old + beta * v_theta)
    if not positive:
        loss = loss + (1 - OPTIMALITY) * error((1 + beta) * v_old - beta * v_theta)
    return loss + kl * mean((v_theta - t["vReference"]) ** 2)


def cases():
    yield "nft", {}, lambda v, t: nft(v, t)
    yield "nft", {"beta": 0.1}, lambda v, t: nft(v, t, beta=0.1)
    yield "nft", {"adaptiveWeight": False}, lambda v, t: nft(v, t, adaptive=False)
    yield "nft", {"oldPolicy": "stop-gradient"}, lambda v, t: nft(v, t, stop=True)
    yield "nft", {"positiveOnly": True}, lambda v, t: nft(v, t, positive=True)
    yield "nft", {"klWeight": 0.3, "beta": 0.5}, lambda v, t: nft(v, t, beta=0.5, kl=0.3)


x0, eps = normal(), normal()
sigma = SIGMA.reshape(B, 1, 1)
tensors = {
    "xt": (1 - sigma) * x0 + sigma * eps,
    "x0": x0,
    "vOld": eps - x0 + 0.3 * normal(),
    "vTheta": eps - x0 + 0.3 * normal(),
    "vReference": eps - x0 + 0.3 * normal(),
}
tensors = {k: v.float().double() for k, v in tensors.items()}
results = []
for objective, options, f in cases():
    v = tensors["vTheta"].clone().requires_grad_()
    loss = f(v, tensors)
    loss.sum().backward()
    results.append({"objective": objective, "options": options, "loss": loss.tolist(), "gradient": v.grad.flatten().tolist()})
golden = {
    "torch": torch.__version__,
    "shape": [B, N, C],
    "sigma": SIGMA.tolist(),
    "optimality": OPTIMALITY.tolist(),
    "mask": MASK.flatten().tolist(),
    "tensors": {k: v.flatten().tolist() for k, v in tensors.items()},
    "cases": results,
}
Path(__file__).with_name("objective.json").write_text(json.dumps(golden) + "\n")
