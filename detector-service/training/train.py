"""Trains one member: every fold but its own, balanced by class and source, with an averaged copy of the weights.

    python3 train.py WORK --fold 0 --steps 1500 [--minutes 15]
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from dataset import Pictures, augment
from network import ResidualNet

SIDE, BATCH, RATE, SMOOTHING, AVERAGING = 128, 32, 3e-3, 0.04, 0.99


def weights(rows) -> np.ndarray:
    """Half of the draws from each class; within a class a source counts by the power 0.6 of its size."""
    sizes: dict = {}
    for row in rows:
        sizes[(row.fake, row.source)] = sizes.get((row.fake, row.source), 0) + 1
    weight = np.array([sizes[(row.fake, row.source)] ** -0.4 for row in rows])
    fake = np.array([row.fake for row in rows])
    for label in (False, True):
        weight[fake == label] /= weight[fake == label].sum()
    return weight / weight.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=1e9, help="finish the schedule early after this time")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    seed = 1 + options.fold
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    draw, rng = np.random.default_rng(seed), random.Random(seed)

    pictures = Pictures(options.work)
    kept = [i for i, row in enumerate(pictures.rows) if row.fold not in (None, options.fold)]
    weight = weights([pictures.rows[i] for i in kept])
    net = ResidualNet()
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=2e-3)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    started, step, loss_mean, done = time.time(), 0, math.nan, 0.0
    while done < 1:
        done = max((step + 1) / options.steps, (time.time() - started) / 60 / options.minutes)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 60) * (0.5 * (1 + math.cos(math.pi * min(done, 1))) + 0.003)
        drawn = draw.choice(kept, BATCH, p=weight)
        crops = [augment(pictures[i], SIDE, rng) for i in drawn]
        labels = [float(pictures.rows[i].fake) for i in drawn]
        batch = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255
        target = torch.tensor(labels) * (1 - 2 * SMOOTHING) + SMOOTHING
        net.train()
        loss = F.binary_cross_entropy_with_logits(net(batch)[0], target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        loss_mean = loss.item() if step == 1 else 0.98 * loss_mean + 0.02 * loss.item()
        with torch.no_grad():
            for name, value in net.state_dict().items():
                if value.dtype.is_floating_point:
                    average[name].mul_(AVERAGING).add_(value, alpha=1 - AVERAGING)
                else:
                    average[name].copy_(value)
        if step % 50 == 0:
            print(f"fold {options.fold} step {step} {time.time() - started:.0f}s loss {loss_mean:.4f}", flush=True)
    out = options.out or options.work / f"member-{options.fold}.pt"
    torch.save({"weights": average, "fold": options.fold, "steps": step}, out)
    print(json.dumps({"out": str(out), "steps": step, "seconds": round(time.time() - started)}))


if __name__ == "__main__":
    main()
