"""Maps of the first third of an Inception v3 (Szegedy et al., CVPR 2016) that learnt from ImageNet: the model file marks its layers as not trained further.

Its plain convolutions at a half and a quarter of the crop's side keep texture that the thin first layers of a MobileNet throw away.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from packaged import SAME, VALID, Convolution, read_weights

MODEL = "inception_v3"
EPSILON = 1e-3
"""Of the batch normalisations."""


class InceptionStem(nn.Module):
    """RGB in -1..1, shape [N, 3, H, W], to one group, the 256 maps of the first mixed block, of an eighth of the side."""

    def __init__(self, package: Path):
        super().__init__()
        tensors = read_weights(package, MODEL)

        def convolutions(*numbers: int, stride: int = 1, padding: str = SAME) -> nn.Sequential:
            return nn.Sequential(*(_convolution(tensors, number, stride, padding) for number in numbers))

        self.stem = nn.Sequential(
            convolutions(1, stride=2, padding=VALID), convolutions(2, padding=VALID), convolutions(3),
            nn.MaxPool2d(3, 2), convolutions(4, 5, padding=VALID), nn.MaxPool2d(3, 2),
        )
        self.branches = nn.ModuleList([convolutions(6), convolutions(7, 8), convolutions(9, 10, 11)])
        self.pooled = convolutions(12)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        x = self.stem(x)
        return [torch.cat([*(branch(x) for branch in self.branches), self.pooled(F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))], 1)]


def _convolution(tensors, number: int, stride: int, padding: str) -> Convolution:
    normalisation = f"batch_normalization_{number}"
    scale = 1 / np.sqrt(tensors[f"{normalisation}/moving_variance"] + EPSILON)
    weight = tensors[f"conv2d_{number}/kernel"].transpose(3, 2, 0, 1) * scale[:, None, None, None]
    return Convolution(weight, tensors[f"{normalisation}/beta"] - tensors[f"{normalisation}/moving_mean"] * scale, nn.ReLU(), stride, padding)
