"""Describes the crops of make_views.py, in several processes."""

from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from backbone import prepare


def _start(work: Path, network: nn.Module, crops: int) -> None:
    global described, views
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    described, views = network, np.load(work / "views.npy", mmap_mode="r")[:, :crops]


def _describe(at: int) -> np.ndarray:
    return described(prepare(views[at])).numpy()


def describe(network: nn.Module, work: Path, crops: int, processes: int) -> np.ndarray:
    """Features [pictures, crops, figures] of the first crops of every picture, by a network that gives [N, figures] for RGB in 0..1."""
    count, features = len(np.load(work / "views.npy", mmap_mode="r")), []
    network.requires_grad_(False)
    with get_context("spawn").Pool(processes, _start, (work, network, crops)) as pool:
        for done, own in enumerate(pool.imap(_describe, range(count), chunksize=4), 1):
            features.append(own)
            if done % 200 == 0 or done == count:
                print(f"{done} of {count} pictures described", flush=True)
    return np.array(features)
