"""Maps of a MobileNetV2 of width 1.4 (Sandler et al., CVPR 2018), from ImageNet weights that the authors of nsfwjs tuned on pictures of all kinds, drawings among them."""

from pathlib import Path

import torch
import torch.nn as nn

from packaged import Convolution, read_weights

MODEL = "mobilenet_v2_mid"
TAPS = (5, 9, 12, 14, 16)
"""Blocks whose outputs are given: 48, 88, 136, 224 and 448 maps, the first of an 8th of the crop's side, two of a 16th and two of a 32nd."""
STRIDED = (1, 3, 6, 13)


class MobileNet(nn.Module):
    """RGB in -1..1, shape [N, 3, H, W], to one tensor of maps a tap. The classifier is left out."""

    def __init__(self, package: Path):
        super().__init__()
        tensors = {name.split("MobilenetV2/")[-1]: value for name, value in read_weights(package, MODEL).items()}
        self.stem = _convolution(tensors, "Conv", stride=2)
        self.blocks = nn.ModuleList(_block(tensors, index) for index in range(TAPS[-1] + 1))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        x, taps = self.stem(x), []
        for index, block in enumerate(self.blocks):
            before, x = x, block(x)
            if before.shape[1] == x.shape[1] and index not in STRIDED:
                x = x + before
            if index in TAPS:
                taps.append(x)
        return taps


def _block(tensors, index: int) -> nn.Sequential:
    name = "expanded_conv" if index == 0 else f"expanded_conv_{index}"
    expand = [] if index == 0 else [_convolution(tensors, f"{name}/expand")]
    depthwise = _convolution(tensors, f"{name}/depthwise", stride=2 if index in STRIDED else 1, depthwise=True)
    return nn.Sequential(*expand, depthwise, _convolution(tensors, f"{name}/project", rectifier=nn.Identity()))


def _convolution(tensors, name: str, rectifier: nn.Module | None = None, stride: int = 1, depthwise: bool = False) -> Convolution:
    kind = "depthwise" if depthwise else "Conv2D"
    weight = tensors[f"{name}/{kind}_weights"].transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
    return Convolution(weight, tensors[f"{name}/{kind}_bn_offset"], rectifier or nn.ReLU6(), stride, depthwise=depthwise)
