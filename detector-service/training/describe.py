"""Describes the crops of make_views.py, in several processes."""

from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from backbone import prepare
from workers import workers

CHUNK = 4
"""Pictures described at once."""


def _start(work: Path, network: nn.Module, crops: int, device: str) -> None:
    global described, views, where
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    torch.backends.cudnn.allow_tf32 = False
    described, views, where = network.to(device), np.load(work / "views.npy", mmap_mode="r")[:, :crops], device


def _describe(at: int) -> np.ndarray:
    own = views[at : at + CHUNK]
    return described(prepare(own.reshape(-1, *own.shape[2:]), where)).cpu().numpy().reshape(*own.shape[:2], -1)


def describe(network: nn.Module, work: Path, crops: int, processes: int, device: str = "cpu") -> np.ndarray:
    """Features [pictures, crops, figures] of the first crops of every picture, by a network that gives [N, figures] for RGB in 0..1."""
    count, features = len(np.load(work / "views.npy", mmap_mode="r")), []
    network.requires_grad_(False)
    with workers(processes, _start, (work, network, crops, device)) as pool:
        for done, own in enumerate(pool.map(_describe, range(0, count, CHUNK)), 1):
            features.append(own)
            if done % 50 == 0 or done * CHUNK >= count:
                print(f"{min(done * CHUNK, count)} of {count} pictures described", flush=True)
    return np.concatenate(features)
