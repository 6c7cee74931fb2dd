"""The shipped network: a backbone and a linear head, with a map of where the logit comes from."""

from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

REACH = 5.0
"""Standardised features are clipped to this."""


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

    The head is linear in the means of the backbone's maps, so their share of the logit falls apart into cells of the crop. What their spread adds
    belongs to no cell and is laid evenly over the map.
    """

    def __init__(self, backbone: nn.Module, head: Head):
        super().__init__()
        self.backbone, self.head = backbone, head

    @classmethod
    def load(cls, backbone: nn.Module, tuned: Path) -> "Detector":
        """The network that tune.py wrote; `backbone` gives the shape and is overwritten."""
        state = torch.load(tuned, map_location="cpu")
        backbone.load_state_dict(state["backbone"])
        return cls(backbone, Head(state["head"])).eval()

    def forward(self, rgb: torch.Tensor):
        features, taps = self.backbone(rgb)
        logit = self.head(features)
        slopes, at, local = self.head.direction / self.head.deviation, 0, 0
        for tap in taps:
            share = torch.einsum("nchw,c->nhw", tap, slopes[at : at + tap.shape[1]])[:, None]
            local = local + F.interpolate(share, size=taps[0].shape[2:], mode="nearest")[:, 0]
            at += 2 * tap.shape[1]
        return logit, local + (logit - local.mean((1, 2)))[:, None, None]
