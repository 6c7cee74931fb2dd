"""Makes training pairs: an edited crop and its untouched twin, both through the same whole-picture processing.

    python3 make_edits.py WORK --fold 2 --pairs 32000 [--processes 16]

Writes `edits.npy` (uint8 [pairs, 2, SIDE, SIDE, 3], edited first), `edit-masks.npy` (uint8 [pairs, SIDE / 8, SIDE / 8], share of edited pixels in 0..255) and
`edits.done` (how many pairs are there so far, so that training may start meanwhile) into WORK. Pictures of the fold, of sources that are measured only, and documents and
screenshots never take part: they measure the result. Nor do pictures smaller than SIDE.
"""

import argparse
import random
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from dataset import KERNELS, OUTSIDE, Pictures, capped, encode
from edits import KINDS, PatchCoder, jpeg, make_edit

SIDE, CELL = 224, 8
SHARES = {"splice": 0.38, "copy_move": 0.2, "inpaint": 0.14, "resynthesis": 0.08, "process": 0.1, "face_blend": 0.1}


def _region(array: np.ndarray, side: int, rng: random.Random) -> np.ndarray:
    """A square of the picture with the given side, enlarged where the picture is smaller; half of them start on the 8-pixel grid."""
    short = min(array.shape[:2])
    if short < side:
        factor = side / short
        size = (max(side, round(array.shape[1] * factor)), max(side, round(array.shape[0] * factor)))
        array = np.asarray(Image.fromarray(np.ascontiguousarray(array)).resize(size, Image.BICUBIC))
    y, x = rng.randint(0, array.shape[0] - side), rng.randint(0, array.shape[1] - side)
    if rng.random() < 0.5:
        y, x = y // 8 * 8, x // 8 * 8
    return array[y : y + side, x : x + side]


def _host(array: np.ndarray, side: int, rng: random.Random) -> np.ndarray:
    """The picture as it was before anyone edited it: sometimes smaller than the original, mostly a camera's or site's JPEG."""
    short = min(array.shape[:2])
    if short > side * 1.2 and rng.random() < 0.35:
        factor = rng.uniform(side / short, 0.95)
        size = (max(side, round(array.shape[1] * factor)), max(side, round(array.shape[0] * factor)))
        array = np.asarray(Image.fromarray(np.ascontiguousarray(array)).resize(size, rng.choice(KERNELS)))
    region = Image.fromarray(np.ascontiguousarray(_region(array, side, rng)))
    return np.asarray(jpeg(region, rng.randint(70, 98), rng.choice([0, 2])) if rng.random() < 0.6 else region)


def _finish(array: np.ndarray, seed: int) -> np.ndarray:
    """What happens to the whole picture afterwards, the same for both twins: mild resize, one or two lossy encodes."""
    rng = random.Random(seed)
    image = Image.fromarray(array)
    if image.size[0] != SIDE:
        if rng.random() < 0.4:
            image = encode(image, rng)
        image = image.resize((SIDE, SIDE), rng.choice(KERNELS))
    image = encode(image, rng)
    if rng.random() < 0.15:
        image = encode(image, rng)
    return np.asarray(image)


def _cells(mask: np.ndarray) -> np.ndarray:
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.resize((SIDE // CELL, SIDE // CELL), Image.BOX))


class Maker:
    """Makes the pair of a given number; the same number always gives the same pair. Every process holds one."""

    def __init__(self, work: Path, fold: int):
        self.pictures = Pictures(work)
        rows = self.pictures.rows
        kept = [i for i in capped(rows) if rows[i].fold not in (None, fold) and rows[i].category not in OUTSIDE and min(rows[i].height, rows[i].width) >= SIDE]
        self.real = [i for i in kept if not rows[i].fake]
        self.generated = [i for i in kept if rows[i].fake]
        self.faces = [i for i in self.real if rows[i].category == "face"]
        sizes: dict = {}
        for i in self.real:
            sizes[rows[i].source] = sizes.get(rows[i].source, 0) + 1
        self.weight = [sizes[rows[i].source] ** -0.5 for i in self.real]
        self.coder = PatchCoder([self.pictures[i] for i in random.Random(7).sample(self.real, 80)])
        self.pairs, self.masks = (np.load(work / name, mmap_mode="r+") for name in ("edits.npy", "edit-masks.npy"))

    def make(self, number: int) -> None:
        rng = random.Random(1_000_003 * number + 7)
        while True:
            kind = rng.choices(KINDS, [SHARES[kind] for kind in KINDS])[0]
            host_at = rng.choice(self.faces) if kind == "face_blend" else rng.choices(self.real, self.weight)[0]
            donor_at = rng.choice(self.generated) if rng.random() < 0.2 else rng.choices(self.real, self.weight)[0]
            side = SIDE if rng.random() < 0.7 else round(SIDE / rng.uniform(0.6, 1.25))
            host = _host(self.pictures[host_at], side, rng)
            edited, mask = make_edit(host, kind, self.pictures[donor_at], self.coder, rng)
            cells, seed = _cells(mask), rng.getrandbits(32)
            changed = np.abs(edited.astype(np.int16) - host)[mask].mean() if mask.any() else 0.0
            if cells.max() >= 200 and changed >= 0.8:
                break
        self.pairs[number, 0], self.pairs[number, 1], self.masks[number] = _finish(edited, seed), _finish(host, seed), cells


def _start(work: Path, fold: int) -> None:
    global maker
    maker = Maker(work, fold)


def _make(number: int) -> None:
    maker.make(number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--fold", type=int, required=True, help="the fold that is left out")
    parser.add_argument("--pairs", type=int, default=32000)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    for name, shape in (("edits.npy", (options.pairs, 2, SIDE, SIDE, 3)), ("edit-masks.npy", (options.pairs, SIDE // CELL, SIDE // CELL))):
        np.lib.format.open_memmap(options.work / name, "w+", np.uint8, shape)
    with Pool(options.processes, _start, (options.work, options.fold)) as pool:
        # In order, so that every pair before the count is there.
        for done, _ in enumerate(pool.imap(_make, range(options.pairs), chunksize=16), 1):
            if done % 500 == 0 or done == options.pairs:
                (options.work / "edits.done").write_text(str(done))


if __name__ == "__main__":
    main()
