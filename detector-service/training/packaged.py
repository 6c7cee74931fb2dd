"""Reads the weights of networks that the npm package nsfwjs 4.4.0 carries (MIT, https://github.com/infinitered/nsfwjs), and builds convolutions from them.

The package stores TensorFlow.js models as scripts, their tensors as 8-bit integers with a scale and an offset a tensor.
"""

import base64
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SAME = "same"
"""Padded as TensorFlow pads: with stride 2 and an even input, the one row and column more go to the far sides."""
VALID = "valid"
"""Not padded."""


def read_weights(package: Path, model: str) -> dict[str, np.ndarray]:
    """Tensors as float32 by their name in the model, from the unpacked package."""
    folder = (package / "dist" / "models" / model).resolve()
    script = f"process.stdout.write(JSON.stringify(require({json.dumps(str(folder / 'model.min.js'))}).weightsManifest))"
    manifest = json.loads(subprocess.run(["node", "-e", script], check=True, capture_output=True).stdout)
    shards = [path.read_text() for path in sorted(folder.glob("group1-shard*.min.js"))]
    blob = b"".join(base64.b64decode(max(re.findall(r"[A-Za-z0-9+/]{1000,}={0,2}", text), key=len)) for text in shards)
    tensors, at = {}, 0
    for entry in manifest[0]["weights"]:
        count, coding = int(np.prod(entry["shape"])), entry.get("quantization")
        kind = np.dtype(coding["dtype"] if coding else entry["dtype"])
        values = np.frombuffer(blob, kind, count, at).reshape(entry["shape"]).astype(np.float32)
        tensors[entry["name"]] = values * np.float32(coding["scale"]) + np.float32(coding["min"]) if coding else values
        at += count * kind.itemsize
    if at != len(blob):
        raise SystemExit(f"Expected {at} bytes of weights in {folder} but found {len(blob)}; use nsfwjs 4.4.0.")
    return tensors


class Convolution(nn.Module):
    """A convolution of square kernel with its batch normalisation folded in. Weight: [out, in / groups, k, k]."""

    def __init__(self, weight: np.ndarray, bias: np.ndarray, rectifier: nn.Module, stride: int = 1, padding: str = SAME, depthwise: bool = False):
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(np.ascontiguousarray(weight)), requires_grad=False)
        self.bias = nn.Parameter(torch.from_numpy(np.ascontiguousarray(bias)), requires_grad=False)
        self.rectifier, self.stride, self.groups = rectifier, stride, len(weight) if depthwise else 1
        self.padding = weight.shape[-1] // 2 if padding == SAME else 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        padding = self.padding
        if padding and self.stride == 2:
            x, padding = F.pad(x, (0, padding, 0, padding)), 0
        return self.rectifier(F.conv2d(x, self.weight, self.bias, self.stride, padding, 1, self.groups))
