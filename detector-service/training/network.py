"""The network: fixed high-pass filters, a small convolutional body, a map of logits, and its mean.

The picture's logit is by construction the mean of the map, so a heat map drawn from the map shows exactly what the
verdict is made of. Inputs are RGB in 0..1, shape [N, 3, H, W]; the filters reach no further than their own 3x3 window, so no
colour, brightness or composition gets past them unless it shows up between neighbouring pixels.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

FILTERS = torch.tensor(
    [
        [[0, 0, 0], [-1, 1, 0], [0, 0, 0]],
        [[0, -1, 0], [0, 1, 0], [0, 0, 0]],
        [[-1, 2, -1], [2, -4, 2], [-1, 2, -1]],
    ],
    dtype=torch.float32,
)[:, None]
FILTER_GAIN = torch.tensor([1.0, 1.0, 4.0])
CLIP = 24.0
LOCAL = 5
"""Side of the window, in cells of 8 pixels, over which local mean and spread are taken."""


def _conv(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def _separable(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class ResidualNet(nn.Module):
    """About 63,000 parameters."""

    def __init__(self, width=(16, 32, 64, 96, 128)):
        super().__init__()
        kernels = FILTERS.repeat(3, 1, 1, 1) / FILTER_GAIN.repeat(3)[:, None, None, None]
        self.register_buffer("kernels", kernels)
        a, b, c, d, e = width
        self.body = nn.Sequential(
            _conv(9, a, 1),
            _conv(a, b, 2),
            _separable(b, c, 1),
            _separable(c, c, 2),
            _separable(c, d, 1),
            _separable(d, d, 2),
            _separable(d, e, 1),
            _separable(e, e, 1),
        )
        self.head = nn.Conv2d(2 * e, 1, 1)
        self.dropout = nn.Dropout2d(0.2)

    def forward(self, rgb: torch.Tensor):
        residual = F.conv2d(rgb * 255.0, self.kernels, groups=3).clamp(-CLIP, CLIP) / 8.0
        x = self.body(residual)
        mean = F.avg_pool2d(x, LOCAL, 1)
        spread = (F.avg_pool2d(x * x, LOCAL, 1) - mean * mean).clamp_min(1e-4).sqrt()
        logits = self.head(self.dropout(torch.cat([mean, spread], 1)))
        return logits.mean((1, 2, 3)), logits[:, 0]


class Ensemble(nn.Module):
    """The mean of several networks, exported as one model."""

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, rgb: torch.Tensor):
        maps = torch.stack([member(rgb)[1] for member in self.members]).mean(0)
        return maps.mean((1, 2)), maps
