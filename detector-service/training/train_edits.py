"""Trains the edit network on the pairs that make_edits.py wrote, while more are still being made.

    python3 train_edits.py WORK --steps 4352 [--minutes 4] [--device cuda]
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from edit_network import EditNet

PAIRS, RATE, WARM_UP, AVERAGING, MAP_WEIGHT = 48, 4e-3, 200, 0.998, 2.0


def draw(pairs, masks, count: int, rng: np.random.Generator, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch of crops, each edited one before its twin, and of maps. Quarter turns and mirror images keep the grid of 8 x 8 blocks: sides are multiples of 8."""
    chosen = np.sort(rng.choice(count, PAIRS, replace=False))
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    rgb = torch.from_numpy(pairs[chosen]).to(device).flatten(0, 1).permute(0, 3, 1, 2).float() / 255
    edited = torch.from_numpy(masks[chosen]).to(device).float() / 255
    truth = torch.stack([edited, torch.zeros_like(edited)], 1).flatten(0, 1)
    rgb, truth = torch.rot90(rgb, turns, (2, 3)), torch.rot90(truth, turns, (1, 2))
    if mirrored:
        rgb, truth = rgb.flip(3), truth.flip(2)
    return rgb.contiguous(memory_format=torch.channels_last), truth


def loss_of(logit: torch.Tensor, maps: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    edited = torch.zeros_like(logit)
    edited[::2] = 1
    picture = F.binary_cross_entropy_with_logits(logit, edited * 0.96 + 0.02)
    cells = F.binary_cross_entropy_with_logits(maps, truth, reduction="none")
    share = truth.mean((1, 2), keepdim=True)
    # In edited pictures edited cells weigh together about as much as the others.
    weight = torch.where(truth > 0.5, (0.5 / (share + 0.02)).clamp(1, 8), torch.ones_like(truth))
    return picture + MAP_WEIGHT * (cells * weight).mean()


def save(average: dict[str, torch.Tensor], steps: int, work: Path) -> None:
    torch.save({"weights": {name: value.cpu() for name, value in average.items()}, "steps": steps}, work / "edit-net.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=4352)
    parser.add_argument("--minutes", type=float, default=1e9, help="finish the schedule early after this time")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng(1)
    pairs = np.load(options.work / "edits.npy", mmap_mode="r")
    masks = np.load(options.work / "edit-masks.npy", mmap_mode="r")
    net = EditNet().to(options.device)
    print("parameters", sum(p.numel() for p in net.parameters()), flush=True)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-3)
    average = {name: value.clone() for name, value in net.state_dict().items()}
    started, step, loss_mean, done = time.time(), 0, math.nan, 0.0
    while done < 1:
        done = max((step + 1) / options.steps, (time.time() - started) / 60 / options.minutes)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / WARM_UP) * (0.5 * (1 + math.cos(math.pi * min(done, 1))) + 0.003)
        rgb, truth = draw(pairs, masks, int((options.work / "edits.done").read_text()), rng, options.device)
        net.train()
        loss = loss_of(*net(rgb), truth)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        step += 1
        loss_mean = loss.item() if step == 1 else 0.98 * loss_mean + 0.02 * loss.item()
        keep = min(AVERAGING, step / (step + 10))
        with torch.no_grad():
            for name, value in net.state_dict().items():
                if value.dtype.is_floating_point:
                    average[name].mul_(keep).add_(value, alpha=1 - keep)
                else:
                    average[name].copy_(value)
        if step % 50 == 0:
            print(f"step {step} {time.time() - started:.0f}s loss {loss_mean:.4f}", flush=True)
            save(average, step, options.work)
    save(average, step, options.work)
    print(json.dumps({"steps": step, "seconds": round(time.time() - started)}))


if __name__ == "__main__":
    main()
