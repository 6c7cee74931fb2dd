"""The network that maps local edits: fixed high-pass filters, a small body, and a comparison of each place with the whole picture.

An edit shows by differing from the rest of the same picture: in noise, sharpness, blocking, or at its rim. So the features of each cell of 8 x 8 pixels are also given relative to
the mean and spread over the picture and relative to their neighbourhood (the idea of ManTra-Net, Wu et al. 2019). Inputs are RGB in 0..1, shape
[N, 3, H, W], H and W multiples of 8 and at least 128; outputs are picture logits [N] and logits of the map [N, H / 8, W / 8].
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
"""Steps to the left and upper neighbour, and the second-order filter of Ker and Boehme."""
FILTER_GAIN = torch.tensor([1.0, 1.0, 4.0])
CLIP = 24.0


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def separable(inputs: int, outputs: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, dilation, dilation, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def relative(x: torch.Tensor) -> torch.Tensor:
    """Each feature against its mean and spread over the picture."""
    mean = x.mean((2, 3), keepdim=True)
    spread = ((x - mean) ** 2).mean((2, 3), keepdim=True)
    return (x - mean) / (spread + 1e-3).sqrt()


def neighbourhood(x: torch.Tensor, side: int) -> torch.Tensor:
    across = F.avg_pool2d(x, (1, side), 1, (0, side // 2), count_include_pad=False)
    return x - F.avg_pool2d(across, (side, 1), 1, (side // 2, 0), count_include_pad=False)


class EditNet(nn.Module):
    """About 180,000 parameters."""

    def __init__(self):
        super().__init__()
        self.register_buffer("kernels", FILTERS.repeat(3, 1, 1, 1) / FILTER_GAIN.repeat(3)[:, None, None, None])
        self.register_buffer("cell", torch.full((9, 1, 8, 8), 1 / 64))
        self.body = nn.Sequential(
            conv(9, 32, stride=2), separable(32, 48), separable(48, 80, stride=2), separable(80, 112), separable(112, 128, stride=2), separable(128, 128),
        )
        self.merge = conv(128 + 18, 96, kernel=1)
        self.compare = conv(4 * 96, 112, kernel=1)
        self.context = nn.ModuleList([separable(112, 112, dilation=d) for d in (1, 2, 4, 8, 1)])
        self.dropout = nn.Dropout2d(0.1)
        self.to_map = nn.Conv2d(112, 1, 1)
        self.to_logit = nn.Linear(3, 1)
        with torch.no_grad():
            self.to_map.bias.fill_(-2.0)
            self.to_logit.weight.copy_(torch.tensor([[0.2, 0.3, 0.5]]))
            self.to_logit.bias.fill_(1.0)

    def forward(self, rgb: torch.Tensor):
        with torch.no_grad():
            residual = F.conv2d(rgb * 255.0, self.kernels, padding=1, groups=3).clamp(-CLIP, CLIP)
            energy = F.conv2d(residual * residual, self.cell, stride=8, groups=9)
            size = F.conv2d(residual.abs(), self.cell, stride=8, groups=9)
            level = torch.log(energy + 0.05)
            shape = torch.log(size * size + 0.05) - level
        x = self.merge(torch.cat([self.body(residual / 8.0), level, shape], 1))
        x = self.compare(torch.cat([x, relative(x), neighbourhood(x, 7), neighbourhood(x, 17)], 1))
        for block in self.context:
            x = x + block(x)
        logits = self.to_map(self.dropout(x))
        return self.pool(logits), logits[:, 0]

    def pool(self, logits: torch.Tensor) -> torch.Tensor:
        """The picture's logit from the smoothed map alone: its mean and two soft maxima, so that the map shows what the score is made of."""
        smooth = F.avg_pool2d(logits, 3, 1, 1, count_include_pad=False).clamp(-12, 12).flatten(1)
        peaks = [torch.log(torch.exp(rate * smooth).mean(1)) / rate for rate in (0.5, 2.0)]
        return self.to_logit(torch.stack([smooth.mean(1), *peaks], 1))[:, 0]
