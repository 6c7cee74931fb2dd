"""What is known of a crop: how the maps of two networks that learnt from a million pictures are distributed over it. Neither is tuned here."""

from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from inception import InceptionStem
from mobilenet import MobileNet

MOMENTS = 3
"""Figures of a map: mean, standard deviation and skewness."""
FLOOR = 1e-6
"""Smallest variance that is counted."""


class Backbone(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to features of shape [N, MOMENTS x maps] and the groups of maps that they were pooled from, coarser ones last.

    Features go by group: the means of its maps, then their standard deviations, then their skewness.
    """

    def __init__(self, package: Path):
        super().__init__()
        self.inception, self.mobilenet = InceptionStem(package), MobileNet(package)

    def forward(self, rgb: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        x = rgb * 2 - 1
        groups = [self.inception(x), *self.mobilenet(x)]
        return torch.cat([figure for maps in groups for figure in moments(maps)], 1), groups


def prepare(crops: np.ndarray) -> torch.Tensor:
    """uint8 [N, H, W, 3] to what the backbone takes."""
    return torch.from_numpy(np.ascontiguousarray(crops.transpose(0, 3, 1, 2))).float() / 255


def moments(maps: torch.Tensor) -> list[torch.Tensor]:
    """Mean, standard deviation and skewness over the area: three times [N, C] of [N, C, H, W]."""
    mean = maps.mean((2, 3), keepdim=True)
    apart = maps - mean
    squares = apart * apart
    variance = squares.mean((2, 3)).clamp_min(FLOOR)
    deviation = variance.sqrt()
    return [mean[:, :, 0, 0], deviation, (squares * apart).mean((2, 3)) / (variance * deviation)]
