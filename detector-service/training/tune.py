"""Tunes the MobileNet without each fold and once on all: a few hundred careful steps under a head that was fitted to it as it came.

The loss has a second term: within a class, the mean logits of the batch's sources shall not differ. It says for the network what the discriminant says for the head.
What is kept is a moving average of the weights over the steps; the head is thrown away, since fit.py fits another to what came of the network.

    python3 tune.py WORK PACKAGE [--processes 2]

Writes `mobilenet-0.pt`, `mobilenet-1.pt`, `mobilenet-2.pt` and `mobilenet.pt`. A network takes half an hour on one core.
"""

import argparse
import copy
import math
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from backbone import moments, prepare
from dataset import CROP, viewed
from describe import describe
from discriminant import fit, weights
from members import MEMBERS, part
from mobilenet import MobileNet
from network import Head

STEPS, BATCH, WARM_UP = 220, 96, 25
SIDE = 160
"""Side of the part of a crop that a step sees: half of the area in under two thirds of the time. Features are figures of whole maps, so that a network learns the same from it."""
RATE, HEAD_RATE, DECAY, AVERAGING = 1.5e-4, 3e-5, 0.02, 0.985
SMOOTHING = 0.05
ALIKE = 0.3
"""Weight of the variance of the sources' mean logits."""
FROZEN_BLOCKS = 2
"""The stem and the first blocks stay as they came: edges and colours are the same everywhere, and they cost most of the time."""
HEAD_CROPS, HEAD_SOURCES, HEAD_VIEWS = 8, 40.0, 3.0
"""Crops a picture and settings of the discriminant that the first head is fitted with."""


class Learner(nn.Module):
    """RGB in 0..1, shape [N, 3, H, W], to means and standard deviations of the maps of all taps but the first, which is too early to bear the answer."""

    def __init__(self, mobilenet: MobileNet):
        super().__init__()
        self.mobilenet = mobilenet

    def forward(self, rgb: torch.Tensor) -> torch.Tensor:
        groups = self.mobilenet(rgb * 2 - 1)[1:]
        return torch.cat([figure for maps in groups for figure in moments(maps)[:2]], 1)


class Sampler:
    """Batches of random parts of augmented crops, of pictures drawn by their weight."""

    def __init__(self, views: np.ndarray, places: np.ndarray, rows):
        self.views, self.places, self.weight = views, places, weights(rows) / weights(rows).sum()
        self.fake = np.array([row.fake for row in rows])
        self.sources = np.unique([row.source for row in rows], return_inverse=True)[1]
        self.rng = np.random.default_rng(5)

    def draw(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Crops uint8 [BATCH, SIDE, SIDE, 3], labels and sources of a batch; mirrored as a whole half of the time."""
        pictures = np.sort(self.rng.choice(len(self.weight), BATCH, p=self.weight))
        views = self.rng.integers(2, self.views.shape[1], BATCH)
        corners = self.rng.integers(0, CROP - SIDE + 1, (BATCH, 2))
        places = zip(self.places[pictures], views, corners)
        crops = np.stack([self.views[picture, view, y : y + SIDE, x : x + SIDE] for picture, view, (y, x) in places])
        return crops[:, :, ::-1] if self.rng.integers(2) else crops, self.fake[pictures], self.sources[pictures]


def unlikeness(logit: torch.Tensor, fake: np.ndarray, sources: np.ndarray) -> torch.Tensor:
    """Variance of the sources' mean logits within each class, of sources that the batch holds at least twice."""
    total = logit.new_zeros(())
    for label in (False, True):
        places = [np.flatnonzero((fake == label) & (sources == source)) for source in np.unique(sources[fake == label])]
        means = [logit[torch.from_numpy(own)].mean() for own in places if len(own) >= 2]
        if len(means) > 2:
            total = total + torch.stack(means).var()
    return total


def tune(learner: Learner, head: Head, sampler: Sampler, name: str) -> MobileNet:
    """The average of the network over the steps."""
    learner.requires_grad_(True)
    for frozen in (learner.mobilenet.stem, *learner.mobilenet.blocks[:FROZEN_BLOCKS]):
        frozen.requires_grad_(False)
    body = [parameter for parameter in learner.parameters() if parameter.requires_grad]
    scale, direction, bias = (nn.Parameter(value.clone()) for value in (torch.ones(()), head.direction, head.bias))
    optimiser = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": [scale, direction, bias], "lr": HEAD_RATE}], weight_decay=DECAY)
    rates = [group["lr"] for group in optimiser.param_groups]
    average = copy.deepcopy(learner)
    for step in range(STEPS):
        factor = min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / STEPS)) + 0.02)
        for group, rate in zip(optimiser.param_groups, rates):
            group["lr"] = rate * factor
        crops, fake, sources = sampler.draw()
        logit = (head.scaled(learner(prepare(crops))) @ direction + bias) * scale
        truth = torch.from_numpy(fake.astype(np.float32))
        loss = F.binary_cross_entropy_with_logits(logit, truth * (1 - 2 * SMOOTHING) + SMOOTHING) + ALIKE * unlikeness(logit, fake, sources)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([*body, scale, direction, bias], 1.0)
        optimiser.step()
        keep = min(AVERAGING, (step + 1) / (step + 10))
        with torch.no_grad():
            for kept, new in zip(average.parameters(), learner.parameters()):
                kept.mul_(keep).add_(new, alpha=1 - keep)
        if step % 20 == 19:
            print(f"{name}: step {step + 1} of {STEPS}, loss {loss.item():.4f}", flush=True)
    return average.mobilenet


def _tune(job: tuple[Path, Path, np.ndarray, int | None]) -> None:
    work, package, features, fold = job
    torch.set_num_threads(1)
    torch.manual_seed(5)
    rows = viewed(work)
    places = np.array([at for at, row in enumerate(rows) if row.fold != fold])
    own = [rows[at] for at in places]
    head = Head(fit(features[places], own, HEAD_SOURCES, HEAD_VIEWS))
    path = part(work, "mobilenet", fold)
    tuned = tune(Learner(MobileNet(package)), head, Sampler(np.load(work / "views.npy", mmap_mode="r"), places, own), path.stem)
    torch.save(tuned.state_dict(), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    features = describe(Learner(MobileNet(options.package)), options.work, HEAD_CROPS, options.processes)
    with get_context("spawn").Pool(options.processes) as pool:
        pool.map(_tune, [(options.work, options.package, features, fold) for fold in MEMBERS], chunksize=1)


if __name__ == "__main__":
    main()
