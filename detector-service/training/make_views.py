"""Makes the crops that training sees, once: of every picture its m1 and m2 (see score.py) and AUGMENTED more.

    python3 make_views.py WORK [--processes 16]

Writes `views.npy` (uint8 [pictures, 2 + AUGMENTED, CROP, CROP, 3], about 3.4 GB for 1,600 pictures) and `views.json` (the pictures' places in the index) into WORK.
"""

import argparse
import json
import random
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from dataset import CROP, OUTSIDE, Pictures, augment, capped
from score import views

AUGMENTED = 12


def _start(work: Path) -> None:
    global pictures, store
    pictures, store = Pictures(work), np.load(work / "views.npy", mmap_mode="r+")


def _make(job: tuple[int, int]) -> None:
    at, i = job
    row, array = pictures.rows[i], pictures[i]
    rng, seen = random.Random(int(row.sha256[:8], 16)), views(array, row.sha256)
    for view, crop in enumerate([*seen.values(), *(augment(array, CROP, rng) for _ in range(AUGMENTED))]):
        store[at, view] = crop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    rows = Pictures(options.work).rows
    kept = [i for i in capped(rows) if rows[i].category not in OUTSIDE and rows[i].fold is not None and min(rows[i].height, rows[i].width) >= CROP]
    np.lib.format.open_memmap(options.work / "views.npy", "w+", np.uint8, (len(kept), 2 + AUGMENTED, CROP, CROP, 3))
    with Pool(options.processes, _start, (options.work,)) as pool:
        for done, _ in enumerate(pool.imap_unordered(_make, list(enumerate(kept)), chunksize=4), 1):
            if done % 200 == 0 or done == len(kept):
                print(f"{done} of {len(kept)} pictures", flush=True)
    (options.work / "views.json").write_text(json.dumps(kept))


if __name__ == "__main__":
    main()
