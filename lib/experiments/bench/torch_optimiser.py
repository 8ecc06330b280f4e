"""lib/training/optimiser/optimiser.ts in PyTorch: gradient clipping, Muon for the matrices of lib/model/legacy/spec.ts's `isMuon`, PyTorch's fused AdamW, averaging."""

import re

import torch

A, B, C = 3.4445, -4.775, 2.0315
MUON = re.compile(r"(blocks|detail)\.\d+\.(qkv|out|up|down)|(in|detail)\.carried")


def orthogonalise(g):
    x = g.mT if g.shape[0] > g.shape[1] else g
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        poly = torch.addmm(gram, gram, gram, beta=B, alpha=C)
        x = torch.addmm(x, poly, x, beta=A)
    return x.mT if g.shape[0] > g.shape[1] else x


class Optimiser:
    def __init__(self, params, adamw_scale, clip_norm, momentum, beta1, beta2, epsilon):
        self.params = list(params.values())
        self.matrices = [p for name, p in params.items() if MUON.fullmatch(name)]
        self.momenta = [torch.zeros_like(p) for p in self.matrices]
        others = [p for name, p in params.items() if not MUON.fullmatch(name)]
        self.adamw = torch.optim.AdamW(others, betas=(beta1, beta2), eps=epsilon, weight_decay=0, fused=True)
        self.average = [p.detach().clone() for p in self.params]
        self.adamw_scale, self.clip_norm, self.momentum = adamw_scale, clip_norm, momentum

    @torch.no_grad()
    def step(self, lr, decay):
        torch.nn.utils.clip_grad_norm_(self.params, self.clip_norm)
        for matrix, momentum in zip(self.matrices, self.momenta):
            momentum.mul_(self.momentum).add_(matrix.grad)
            ahead = matrix.grad.add(momentum, alpha=self.momentum)
            matrix.sub_(orthogonalise(ahead), alpha=lr * 0.2 * max(matrix.shape) ** 0.5)
        for group in self.adamw.param_groups:
            group["lr"] = lr * self.adamw_scale
        self.adamw.step()
        torch._foreach_lerp_(self.average, [p.detach() for p in self.params], 1 - decay)
        for p in self.params:
            p.grad = None
