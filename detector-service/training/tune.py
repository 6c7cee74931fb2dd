"""Fits the network without each fold and once on all: a head on the backbone as it came, a few hundred careful steps of the whole, and a new head on what came of it.

The loss has a second term: within a class, the mean logits of the batch's sources shall not differ. It says for the backbone what the discriminant says for the head.
The weights kept are a moving average over the steps.

    python3 tune.py WORK PACKAGE [--device cuda] [--folds 0,1,2,all]

Writes `tuned-0.pt`, `tuned-1.pt`, `tuned-2.pt` and `tuned.pt`: the states of backbone and head.
"""

import argparse
import copy
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from backbone import Backbone
from dataset import FOLDS, Pictures
from discriminant import fit, weights
from network import Head

STEPS, BATCH, WARM_UP = 400, 96, 60
RATE, HEAD_RATE, DECAY, AVERAGING = 1e-4, 2e-5, 0.02, 0.995
SMOOTHING = 0.05
ALIKE = 0.3
"""Weight of the variance of the sources' mean logits."""
FROZEN_BLOCKS = 2
"""The stem and the first blocks stay as they came: edges and colours are the same everywhere, and they cost most of the time."""
FIRST_HEAD_VIEWS, LAST_HEAD_VIEWS = 14, 6


def prepare(crops: np.ndarray, device: str) -> torch.Tensor:
    """uint8 [N, H, W, 3] to RGB in 0..1."""
    return (torch.from_numpy(np.ascontiguousarray(crops)).to(device).permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def describe(backbone: Backbone, views: np.ndarray, device: str, batch: int = 192) -> np.ndarray:
    """Features [pictures, views, figures] of uint8 [pictures, views, H, W, 3]."""
    flat = views.reshape(-1, *views.shape[2:])
    parts = [backbone(prepare(flat[at : at + batch], device))[0].float().cpu() for at in range(0, len(flat), batch)]
    return torch.cat(parts).numpy().reshape(*views.shape[:2], -1)


class Sampler:
    """Batches of one random view of pictures drawn by their weight."""

    def __init__(self, views: np.ndarray, places: np.ndarray, rows):
        self.views, self.places, self.weight = views, places, weights(rows) / weights(rows).sum()
        self.fake = np.array([row.fake for row in rows])
        self.sources = np.unique([row.source for row in rows], return_inverse=True)[1]
        self.rng = np.random.default_rng(5)

    def draw(self):
        """Crops uint8 [BATCH, H, W, 3], labels and sources of a batch; mirrored as a whole half of the time."""
        pictures = np.sort(self.rng.choice(len(self.weight), BATCH, p=self.weight))
        views = self.rng.integers(2, self.views.shape[1], BATCH)
        crops = np.stack([self.views[self.places[picture], view] for picture, view in zip(pictures, views)])
        return crops[:, :, ::-1] if self.rng.integers(2) else crops, self.fake[pictures], self.sources[pictures]


def unlikeness(logit: torch.Tensor, fake: np.ndarray, sources: np.ndarray) -> torch.Tensor:
    """Variance of the sources' mean logits within each class, of sources that the batch holds at least twice."""
    total = logit.new_zeros(())
    for label in (False, True):
        places = [np.flatnonzero((fake == label) & (sources == source)) for source in np.unique(sources[fake == label])]
        means = [logit[torch.from_numpy(own).to(logit.device)].mean() for own in places if len(own) >= 2]
        if len(means) > 2:
            total = total + torch.stack(means).var()
    return total


def tune(backbone: Backbone, head: Head, sampler: Sampler, device: str) -> Backbone:
    """The average of the backbone over the steps. The head moves along and is thrown away."""
    for part in (backbone.stem, *backbone.blocks[:FROZEN_BLOCKS]):
        part.requires_grad_(False)
    scale, direction, bias = (nn.Parameter(value.clone()) for value in (torch.ones((), device=device), head.direction, head.bias))
    body = [parameter for parameter in backbone.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": [scale, direction, bias], "lr": HEAD_RATE}], weight_decay=DECAY)
    rates = [group["lr"] for group in optimiser.param_groups]
    average = copy.deepcopy(backbone)
    for step in range(STEPS):
        factor = min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / STEPS)) + 0.02)
        for group, rate in zip(optimiser.param_groups, rates):
            group["lr"] = rate * factor
        crops, fake, sources = sampler.draw()
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            features = backbone(prepare(crops, device))[0]
        logit = (head.scaled(features.float()) @ direction + bias) * scale
        truth = torch.from_numpy(fake.astype(np.float32)).to(device)
        loss = F.binary_cross_entropy_with_logits(logit, truth * (1 - 2 * SMOOTHING) + SMOOTHING) + ALIKE * unlikeness(logit, fake, sources)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([*body, scale, direction, bias], 1.0)
        optimiser.step()
        keep = min(AVERAGING, (step + 1) / (step + 10))
        with torch.no_grad():
            for kept, new in zip(average.parameters(), backbone.parameters()):
                kept.mul_(keep).add_(new, alpha=1 - keep)
        if step % 50 == 49:
            print(f"step {step + 1} loss {loss.item():.4f}", flush=True)
    return average


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--folds", default=",".join([*map(str, range(len(FOLDS))), "all"]))
    options = parser.parse_args()
    torch.manual_seed(5)
    views = np.load(options.work / "views.npy", mmap_mode="r")
    pictures = Pictures(options.work).rows
    rows = [pictures[i] for i in json.loads((options.work / "views.json").read_text())]
    original = Backbone(options.package).to(options.device)
    features = describe(original, views[:, :FIRST_HEAD_VIEWS], options.device)
    for fold in options.folds.split(","):
        kept = np.array([i for i, row in enumerate(rows) if str(row.fold) != fold])
        own = [rows[i] for i in kept]
        first = Head(fit(features[kept], own)).to(options.device)
        backbone = tune(copy.deepcopy(original), first, Sampler(views, kept, own), options.device)
        head = fit(describe(backbone, views[kept, :LAST_HEAD_VIEWS], options.device), own)
        path = options.work / ("tuned.pt" if fold == "all" else f"tuned-{fold}.pt")
        torch.save({"backbone": {name: value.cpu() for name, value in backbone.state_dict().items()}, "head": head}, path)
        print(f"{path.name}: {len(own)} pictures", flush=True)


if __name__ == "__main__":
    main()
