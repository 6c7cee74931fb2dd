"""General picture features: a MobileNetV2 of width 1.4.

The weights come in the npm package nsfwjs 4.4.0 (MIT, https://github.com/infinitered/nsfwjs), stored as 8-bit integers with a scale and an offset a tensor. Its authors
tuned an ImageNet network on pictures of all kinds, drawings among them; their classifier is left out, only the blocks before it are read.
Blocks: Sandler et al., MobileNetV2, CVPR 2018.
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

MODEL = "mobilenet_v2_mid"
TAPS = (9, 12, 14, 16)
"""Blocks whose outputs are pooled: mean and spread over the crop of 88, 136, 224 and 448 maps, 1,792 figures."""
STRIDED = (1, 3, 6, 13)


def read_weights(package: Path) -> dict[str, np.ndarray]:
    """Tensors as float32 by short name, from the 8-bit ones of the unpacked npm package."""
    folder = (package / "dist" / "models" / MODEL).resolve()
    script = f"process.stdout.write(JSON.stringify(require({json.dumps(str(folder / 'model.min.js'))}).weightsManifest))"
    manifest = json.loads(subprocess.run(["node", "-e", script], check=True, capture_output=True).stdout)
    shards = [path.read_text() for path in sorted(folder.glob("group1-shard*.min.js"))]
    blob = b"".join(base64.b64decode(max(re.findall(r"[A-Za-z0-9+/]{1000,}={0,2}", text), key=len)) for text in shards)
    tensors, at = {}, 0
    for entry in manifest[0]["weights"]:
        count, coding = int(np.prod(entry["shape"])), entry.get("quantization")
        kind = np.dtype(coding["dtype"] if coding else entry["dtype"])
        values = np.frombuffer(blob, kind, count, at).reshape(entry["shape"]).astype(np.float32)
        tensors[entry["name"].split("MobilenetV2/")[-1]] = values * np.float32(coding["scale"]) + np.float32(coding["min"]) if coding else values
        at += count * kind.itemsize
    if at != len(blob):
        raise SystemExit(f"Expected {at} bytes of weights in {folder} but found {len(blob)}; use nsfwjs 4.4.0.")
    return tensors


class Convolution(nn.Module):
    """A convolution with its batch normalisation folded in, padded as TensorFlow pads."""

    def __init__(self, tensors, name: str, stride: int = 1, depthwise: bool = False, rectified: bool = True):
        super().__init__()
        kind = "depthwise" if depthwise else "Conv2D"
        weight = tensors[f"{name}/{kind}_weights"].transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        self.weight = nn.Parameter(torch.from_numpy(np.ascontiguousarray(weight)))
        self.bias = nn.Parameter(torch.from_numpy(tensors[f"{name}/{kind}_bn_offset"].copy()))
        self.stride, self.groups, self.rectified = stride, len(weight) if depthwise else 1, rectified
        self.padding = 0 if weight.shape[-1] == 1 else 1

    def forward(self, x):
        if self.padding:
            x = F.pad(x, (1, 1, 1, 1) if self.stride == 1 else (0, 1, 0, 1))
        x = F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)
        return x.clamp(0, 6) if self.rectified else x


class Backbone(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to features of shape [N, 1792] and the maps that they were pooled from."""

    def __init__(self, package: Path):
        super().__init__()
        tensors = read_weights(package)
        self.stem = Convolution(tensors, "Conv", 2)
        self.blocks = nn.ModuleList(self._block(tensors, index) for index in range(TAPS[-1] + 1))

    @staticmethod
    def _block(tensors, index: int) -> nn.Sequential:
        name = "expanded_conv" if index == 0 else f"expanded_conv_{index}"
        expand = [] if index == 0 else [Convolution(tensors, f"{name}/expand")]
        depthwise = Convolution(tensors, f"{name}/depthwise", 2 if index in STRIDED else 1, depthwise=True)
        return nn.Sequential(*expand, depthwise, Convolution(tensors, f"{name}/project", rectified=False))

    def forward(self, rgb: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        x = self.stem(rgb * 2 - 1)
        pooled, taps = [], []
        for index, block in enumerate(self.blocks):
            before, x = x, block(x)
            if before.shape[1] == x.shape[1] and index not in STRIDED:
                x = x + before
            if index in TAPS:
                taps.append(x)
                mean = x.mean((2, 3))
                pooled += [mean, ((x * x).mean((2, 3)) - mean * mean).clamp_min(1e-6).sqrt()]
        return torch.cat(pooled, 1), taps
