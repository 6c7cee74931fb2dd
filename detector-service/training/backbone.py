"""General picture features: a MobileNetV2 of width 1.4, frozen.

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
"""Blocks whose outputs are pooled: mean and spread over the crop of 88, 136, 224 and 448 maps."""
FEATURES = 2 * (88 + 136 + 224 + 448)
STRIDED = (1, 3, 6, 13)


def read_weights(package: Path) -> dict[str, tuple[np.ndarray, float, float]]:
    """8-bit tensors with scale and offset by short name, from the unpacked npm package."""
    folder = (package / "dist" / "models" / MODEL).resolve()
    script = f"process.stdout.write(JSON.stringify(require({json.dumps(str(folder / 'model.min.js'))}).weightsManifest))"
    manifest = json.loads(subprocess.run(["node", "-e", script], check=True, capture_output=True).stdout)
    shards = [path.read_text() for path in sorted(folder.glob("group1-shard*.min.js"))]
    blob = b"".join(base64.b64decode(max(re.findall(r"[A-Za-z0-9+/]{1000,}={0,2}", text), key=len)) for text in shards)
    tensors, at = {}, 0
    for entry in manifest[0]["weights"]:
        count, coding = int(np.prod(entry["shape"])), entry.get("quantization")
        kind = np.dtype(coding["dtype"] if coding else entry["dtype"])
        values = np.frombuffer(blob, kind, count, at).reshape(entry["shape"])
        tensors[entry["name"].split("MobilenetV2/")[-1]] = (values, coding["scale"], coding["min"]) if coding else (values, 1.0, 0.0)
        at += count * kind.itemsize
    if at != len(blob):
        raise SystemExit(f"Expected {at} bytes of weights in {folder} but found {len(blob)}; use nsfwjs 4.4.0.")
    return tensors


class FixedConvolution(nn.Module):
    """A convolution that is never trained. `coding` is the scale and the offset of its 8-bit weights, for the export."""

    def __init__(self, tensors, name: str, stride: int = 1, depthwise: bool = False, rectified: bool = True):
        super().__init__()
        values, scale, offset = tensors[f"{name}/{'depthwise' if depthwise else 'Conv2D'}_weights"]
        codes = np.ascontiguousarray(values.transpose(2, 3, 0, 1) if depthwise else values.transpose(3, 2, 0, 1))
        bias, bias_scale, bias_offset = tensors[f"{name}/{'depthwise' if depthwise else 'Conv2D'}_bn_offset"]
        self.codes, self.coding = codes, (np.float32(scale), np.float32(offset))
        self.register_buffer("weight", torch.from_numpy(codes.astype(np.float32) * self.coding[0] + self.coding[1]))
        self.register_buffer("bias", torch.from_numpy(bias.astype(np.float32) * bias_scale + bias_offset).float())
        self.stride, self.groups, self.rectified = stride, len(codes) if depthwise else 1, rectified
        self.padding = 0 if codes.shape[-1] == 1 else 1

    def forward(self, x):
        if self.padding:
            x = F.pad(x, (1, 1, 1, 1) if self.stride == 1 else (0, 1, 0, 1))
        x = F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)
        return x.clamp(0, 6) if self.rectified else x


class Backbone(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to features of shape [N, FEATURES] and the maps that they were pooled from."""

    def __init__(self, package: Path):
        super().__init__()
        tensors = read_weights(package)
        self.stem = FixedConvolution(tensors, "Conv", 2)
        self.blocks = nn.ModuleList(self._block(tensors, index) for index in range(TAPS[-1] + 1))

    @staticmethod
    def _block(tensors, index: int) -> nn.Sequential:
        name = "expanded_conv" if index == 0 else f"expanded_conv_{index}"
        expand = [] if index == 0 else [FixedConvolution(tensors, f"{name}/expand")]
        depthwise = FixedConvolution(tensors, f"{name}/depthwise", 2 if index in STRIDED else 1, depthwise=True)
        return nn.Sequential(*expand, depthwise, FixedConvolution(tensors, f"{name}/project", rectified=False))

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
