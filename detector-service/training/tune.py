"""Tunes the MobileNet without each fold and once on all: a few hundred careful steps under a head that was fitted to it as it came.

The loss has a second term: within a class, the mean logits of the batch's sources shall not differ. It says for the network what the discriminant says for the head.
What is kept of a run is a moving average of the weights over the steps, and of several runs that differ in their seed the mean of those (DiWA, Rame et al., NeurIPS 2022):
from one start and under one head they stay in one valley, and what a single run learnt by chance cancels out. The head is thrown away, since fit.py fits another to what came of the network.

    python3 tune.py WORK PACKAGE [--processes 2] [--device cuda] [--seeds 6]

Writes `mobilenet-0.pt`, `mobilenet-1.pt`, `mobilenet-2.pt` and `mobilenet.pt`, and each run beside them (`run-*.pt`), so that a broken-off call goes on where it was: remove those after any change of pictures or settings. A run takes ten minutes and 6 GB of memory on one core.
"""

import argparse
import copy
import math
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
from workers import workers

SEEDS = 6
"""Runs whose weights are averaged."""
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

    def early(self) -> list[nn.Module]:
        """What is not tuned."""
        return [self.mobilenet.stem, *self.mobilenet.blocks[:FROZEN_BLOCKS]]


class Sampler:
    """Batches of random parts of augmented crops, of pictures drawn by their weight."""

    def __init__(self, views: np.ndarray, places: np.ndarray, rows, seed: int):
        self.views, self.places, self.weight = views, places, weights(rows) / weights(rows).sum()
        self.fake = np.array([row.fake for row in rows])
        self.sources = np.unique([row.source for row in rows], return_inverse=True)[1]
        self.rng = np.random.default_rng(seed)

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
        members = [(fake == label) & (sources == source) for source in np.unique(sources[fake == label])]
        shares = [own / own.sum() for own in members if own.sum() >= 2]
        if len(shares) > 2:
            total = total + (torch.from_numpy(np.array(shares, np.float32)).to(logit.device) @ logit).var()
    return total


def tune(learner: Learner, head: Head, sampler: Sampler, name: str) -> dict[str, torch.Tensor]:
    """State of the MobileNet, averaged over the steps."""
    learner.requires_grad_(True)
    for frozen in learner.early():
        frozen.requires_grad_(False)
    body = [parameter for parameter in learner.parameters() if parameter.requires_grad]
    device = body[0].device
    scale, direction, bias = (nn.Parameter(value.clone()) for value in (torch.ones((), device=device), head.direction, head.bias))
    optimiser = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": [scale, direction, bias], "lr": HEAD_RATE}], weight_decay=DECAY)
    rates = [group["lr"] for group in optimiser.param_groups]
    average = copy.deepcopy(learner)
    for step in range(STEPS):
        factor = min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * step / STEPS)) + 0.02)
        for group, rate in zip(optimiser.param_groups, rates):
            group["lr"] = rate * factor
        crops, fake, sources = sampler.draw()
        logit = (head.scaled(learner(prepare(crops, device))) @ direction + bias) * scale
        truth = torch.from_numpy(fake.astype(np.float32) * (1 - 2 * SMOOTHING) + SMOOTHING).to(device)
        loss = F.binary_cross_entropy_with_logits(logit, truth) + ALIKE * unlikeness(logit, fake, sources)
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
    return average.mobilenet.state_dict()


def _tune(job: tuple[Path, Path, dict[str, torch.Tensor], int | None, int, str]) -> None:
    work, package, head, fold, seed, device = job
    path = run(work, fold, seed)
    if path.exists():
        print(f"{path.stem}: kept from an earlier call", flush=True)
        return
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rows = viewed(work)
    places = np.array([at for at, row in enumerate(rows) if row.fold != fold])
    sampler = Sampler(np.load(work / "views.npy", mmap_mode="r"), places, [rows[at] for at in places], seed)
    state = tune(Learner(MobileNet(package)).to(device), Head(head).to(device), sampler, path.stem)
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.rename(path)


def run(work: Path, fold: int | None, seed: int) -> Path:
    """File of a run."""
    return part(work, f"run-{seed}", fold)


def mean(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    rows = viewed(options.work)
    features = describe(Learner(MobileNet(options.package)), options.work, HEAD_CROPS, options.processes, options.device)
    heads = {}
    for fold in MEMBERS:
        places = [at for at, row in enumerate(rows) if row.fold != fold]
        heads[fold] = fit(features[places], [rows[at] for at in places], HEAD_SOURCES, HEAD_VIEWS)
    with workers(options.processes) as pool:
        jobs = [(options.work, options.package, heads[fold], fold, seed, options.device) for seed in range(options.seeds) for fold in MEMBERS]
        list(pool.map(_tune, jobs))
    for fold in MEMBERS:
        states = [torch.load(run(options.work, fold, seed), map_location="cpu") for seed in range(options.seeds)]
        torch.save(mean(states), part(options.work, "mobilenet", fold))


if __name__ == "__main__":
    main()
