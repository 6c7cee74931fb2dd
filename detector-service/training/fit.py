"""Describes the crops of make_views.py once, and fits a head without each fold and one on all.

    python3 fit.py WORK PACKAGE [--processes 2]

Writes `features.npy` (float32 [pictures, views, figures]), and `head-0.pt`, `head-1.pt`, `head-2.pt` and `head.pt`.
"""

import argparse
import json
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from backbone import Backbone, prepare
from dataset import FOLDS, Pictures
from discriminant import fit


def _start(work: Path, package: Path) -> None:
    global backbone, views
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    backbone, views = Backbone(package), np.load(work / "views.npy", mmap_mode="r")


def _describe(at: int) -> np.ndarray:
    return backbone(prepare(views[at]))[0].numpy()


def describe(work: Path, package: Path, processes: int) -> np.ndarray:
    """Features of every crop of `views.npy`."""
    count, features = len(np.load(work / "views.npy", mmap_mode="r")), []
    with get_context("spawn").Pool(processes, _start, (work, package)) as pool:
        for done, own in enumerate(pool.imap(_describe, range(count), chunksize=4), 1):
            features.append(own)
            if done % 200 == 0 or done == count:
                print(f"{done} of {count} pictures", flush=True)
    return np.array(features)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    rows = Pictures(options.work).rows
    rows = [rows[i] for i in json.loads((options.work / "views.json").read_text())]
    features = describe(options.work, options.package, options.processes)
    np.save(options.work / "features.npy", features)
    for fold in [*range(len(FOLDS)), None]:
        places = [at for at, row in enumerate(rows) if row.fold != fold]
        torch.save(fit(features[places], [rows[at] for at in places]), options.work / ("head.pt" if fold is None else f"head-{fold}.pt"))


if __name__ == "__main__":
    main()
