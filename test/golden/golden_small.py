"""Golden values of generators, pictures, operations, optimisers and files."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
import skimage
import skimage.metrics
import torch
import torch.optim._muon
from portable_rng import Rng, uniforms

ROOT = Path(__file__).parents[2]


def rng():
    keys = [[], [0], ["0"], [0, "noise", 12], ["a", "b"], ["ab"], [7, "größe", -1], [5, "solid", -3, 4]]
    streams = []
    for key in keys:
        bits, normals = Rng(*key), Rng(*key)
        streams.append({"key": key, "bits": [bits.bits() for _ in range(6)], "normals": normals.normal_pair()})
    return {"origin": "test/golden/portable_rng.py", "streams": streams}


def pictures():
    height, width = 12, 17
    rng = Rng("golden", "pictures")
    noise = np.array([rng.int(256) for _ in range(height * width * 3)]).reshape(height, width, 3)
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    smooth = (7 * x + 11 * y + 40 * c) % 256
    shaken = np.clip(smooth + noise % 41 - 20, 0, 255)
    shifted = np.clip(smooth + 9, 0, 255)
    luma = lambda p: p.astype(np.float64) @ [0.299, 0.587, 0.114]
    cases = []
    for name, a, b in [("noise", noise, smooth), ("shaken", smooth, shaken), ("shifted", smooth, shifted)]:
        a8, b8 = a.astype(np.uint8), b.astype(np.uint8)
        psnr = skimage.metrics.peak_signal_noise_ratio(a8, b8)
        ssim = skimage.metrics.structural_similarity(luma(a), luma(b), data_range=255)
        cases.append({"name": name, "a": a8.tobytes().hex(), "b": b8.tobytes().hex(), "psnr": psnr, "ssim": ssim})
    return {"origin": f"scikit-image {skimage.__version__}", "width": width, "height": height, "cases": cases}


def operations():
    results = {}
    for name, f in {
        "rmsNorm": lambda x: torch.nn.functional.rms_norm(x, (5,), eps=1e-6),
        "reluSquared": lambda x: torch.relu(x) ** 2,
        "silu": torch.nn.functional.silu,
    }.items():
        x = torch.tensor(uniforms((3, 5), -2, 2, "operation", "x"), requires_grad=True)
        dy = torch.tensor(uniforms((3, 5), -1, 1, "operation", "dy"))
        y = f(x)
        y.backward(dy)
        results[name] = {"value": y.flatten().tolist(), "gradient": x.grad.flatten().tolist()}
    return {"origin": f"torch {torch.__version__}", **results}


def newton_schulz(grad, coefficients, steps, eps):
    """torch's own iteration, in the gradient's precision instead of bfloat16."""
    a, b, c = coefficients
    x = grad.mT if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if grad.size(0) > grad.size(1) else x


def optimise(make, shape, name):
    """Five steps with a learning rate that changes. @returns the parameter after each"""
    p = torch.nn.Parameter(torch.tensor(uniforms(shape, -1, 1, "optimiser", name, "start")))
    optimiser = make([p])
    path = []
    for step in range(5):
        optimiser.param_groups[0]["lr"] = 0.02 * (step + 1)
        p.grad = torch.tensor(uniforms(shape, -1, 1, "optimiser", name, step))
        optimiser.step()
        path.append(p.detach().flatten().tolist())
    return {"shape": shape, "path": path}


def optimisers():
    torch.optim._muon._zeropower_via_newtonschulz = newton_schulz
    adamw = lambda p: torch.optim.AdamW(p, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    muon = lambda p: torch.optim.Muon(p, momentum=0.95, weight_decay=0.1, nesterov=True, adjust_lr_fn="match_rms_adamw")
    return {
        "origin": f"torch {torch.__version__}, float64 (Muon's Newton-Schulz iteration too)",
        "adamw": optimise(adamw, (3, 4), "adamw"),
        "muonWide": optimise(muon, (3, 7), "wide"),
        "muonTall": optimise(muon, (6, 2), "tall"),
    }


def files():
    tensors = {
        "enc.w": uniforms((2, 3), -1, 1, "file", "w").astype(np.float32),
        "empty": np.zeros((0, 4), np.float32),
        "scalar": np.array(2.5, np.float32),
    }
    theirs = safetensors.numpy.save(tensors, {"step": "7", "note": "größe"})
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        subprocess.run(["node", "--import", "tsx", "test/golden/write-safetensors.ts", file.name], cwd=ROOT, check=True)
        ours = Path(file.name).read_bytes()
        with safetensors.safe_open(file.name, "numpy") as opened:
            assert opened.metadata() == {"step": "7", "note": "größe"}
            assert set(opened.keys()) == set(tensors)
            for name, value in tensors.items():
                np.testing.assert_array_equal(opened.get_tensor(name), value)
    origin = f"safetensors {safetensors.__version__} wrote `theirs` and read `ours`"
    return {"origin": origin, "theirs": theirs.hex(), "ours": ours.hex()}
