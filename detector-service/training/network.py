"""The shipped network: a backbone and a linear head, with a map of where the logit comes from."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from backbone import MOMENTS, Backbone, pooled

REACH = 5.0
"""Standardised features are clipped to this."""
CELLS = 2
"""The group of maps whose grid the heat map takes: that of 16 pixels a cell."""


class Head(nn.Module):
    """A linear logit on standardised, clipped features."""

    def __init__(self, state: dict[str, torch.Tensor]):
        super().__init__()
        for name, value in state.items():
            self.register_buffer(name, value)

    def scaled(self, features: torch.Tensor) -> torch.Tensor:
        return ((features - self.mean) / self.deviation).clamp(-REACH, REACH)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self.scaled(features) @ self.direction + self.bias


class Detector(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to logits [N] and maps [N, h, w] whose mean is the logit.

    The head is linear in the means of the backbone's maps, so their share of the logit falls apart into cells of 16 pixels. What the other moments add
    belongs to no cell and is laid evenly over the map.
    """

    def __init__(self, backbone: Backbone, head: Head):
        super().__init__()
        self.backbone, self.head = backbone, head

    def forward(self, rgb: torch.Tensor):
        groups = self.backbone.maps(rgb)
        logit = self.head(pooled(groups))
        slopes, at, local = self.head.direction / self.head.deviation, 0, 0
        grid = groups[CELLS].shape[2:]
        for maps in groups:
            share = (maps * slopes[at : at + maps.shape[1]].reshape(1, -1, 1, 1)).sum(1, keepdim=True)
            local = local + F.interpolate(share, size=grid, mode="bilinear", align_corners=False)[:, 0]
            at += MOMENTS * maps.shape[1]
        return logit, local + (logit - local.mean((1, 2)))[:, None, None]
