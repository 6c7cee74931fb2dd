"""What is known of a crop: how the maps of networks that learnt from a million pictures are distributed over it."""

import numpy as np
import torch
import torch.nn as nn

MOMENTS = 3
"""Figures of a map: mean, standard deviation and skewness."""
FLOOR = 1e-6
"""Smallest variance that is counted."""


class Backbone(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to the features of all maps of its networks, one network after the other."""

    def __init__(self, *networks: nn.Module):
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def maps(self, rgb: torch.Tensor) -> list[torch.Tensor]:
        """Groups of maps, those of a network from fine to coarse: [N, C, h, w] each."""
        return [maps for network in self.networks for maps in network(rgb * 2 - 1)]

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        return pooled(self.maps(rgb))


def prepare(crops: np.ndarray, device: str | torch.device = "cpu") -> torch.Tensor:
    """uint8 [N, H, W, 3] to what the backbone takes, colours innermost as before: convolutions are faster so."""
    return torch.from_numpy(np.array(crops, order="C")).to(device).permute(0, 3, 1, 2).float() / 255


def pooled(groups: list[torch.Tensor]) -> torch.Tensor:
    """[N, MOMENTS x maps]. Features go by group: the means of its maps, then their standard deviations, then their skewness."""
    return torch.cat([figure for maps in groups for figure in moments(maps)], 1)


def moments(maps: torch.Tensor) -> list[torch.Tensor]:
    """Mean, standard deviation and skewness over the area: three times [N, C] of [N, C, H, W]."""
    mean = maps.mean((2, 3), keepdim=True)
    apart = maps - mean
    squares = apart * apart
    variance = squares.mean((2, 3)).clamp_min(FLOOR)
    deviation = variance.sqrt()
    return [mean[:, :, 0, 0], deviation, (squares * apart).mean((2, 3)) / (variance * deviation)]
