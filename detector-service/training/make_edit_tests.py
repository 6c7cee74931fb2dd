"""Makes the pictures on which local edits are measured: whole pictures of sources that no training saw, edited and not, as JPEG files.

    python3 make_edit_tests.py WORK OUT --fold 2 [--per-source 25] [--qualities 95,80]

Writes OUT/manifest.csv (file, label, kind, quality, source, category, mask) and the files. Every picture gives, at each quality, its unedited twin, a
splice, a copy-move, and one of the other kinds in turn. Documents and screenshots, which training never sees, and sources that are measured only are given unedited too, as hard real classes.
"""

import argparse
import csv
import random
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from dataset import OUTSIDE, Pictures
from edits import KINDS, PatchCoder, make_edit

OTHERS = [kind for kind in KINDS if kind not in ("splice", "copy_move")]


def edited(host: np.ndarray, kind: str, donor: np.ndarray, coder: PatchCoder, rng: random.Random):
    """An edit that leaves a mark; None where twelve attempts change nothing, as on a blank wall."""
    for _ in range(12):
        picture, mask = make_edit(host, kind, donor, coder, rng)
        if mask.any() and np.abs(picture.astype(np.int16) - host)[mask].mean() >= 0.8:
            return picture, mask
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--per-source", type=int, default=25)
    parser.add_argument("--qualities", default="95,80")
    options = parser.parse_args()
    pictures = Pictures(options.work)
    unseen = [i for i, row in enumerate(pictures.rows) if row.fold in (None, options.fold) or row.category in OUTSIDE]
    coder = PatchCoder([pictures[i] for i in random.Random(11).sample(unseen, 60)])
    taken: Counter = Counter()
    chosen = []
    for i in sorted(unseen, key=lambda i: pictures.rows[i].sha256):
        row = pictures.rows[i]
        if not row.fake and taken[row.source] < options.per_source:
            taken[row.source] += 1
            chosen.append(i)
    scenes = [i for i in chosen if pictures.rows[i].category not in OUTSIDE]
    generated = [i for i in unseen if pictures.rows[i].fake]

    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / "manifest.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "label", "kind", "quality", "source", "category", "mask"])
        for number, i in enumerate(chosen):
            row, host = pictures.rows[i], np.array(pictures[i])
            rng = random.Random(row.sha256)
            made = {"none": (host, None)}
            if i in scenes:
                for kind in ("splice", "copy_move", "face_blend" if row.category == "face" and number % 2 else OTHERS[number % 3]):
                    donor = pictures[rng.choice(generated) if rng.random() < 0.2 else rng.choice(scenes)]
                    made[kind] = edited(host, kind, donor, coder, rng) or made["none"]
            for kind, (picture, mask) in made.items():
                if kind != "none" and mask is None:
                    continue
                stem = f"{row.sha256[:12]}-{kind}"
                if mask is not None:
                    Image.fromarray(mask.astype(np.uint8) * 255).save(options.out / f"{stem}-mask.png")
                for quality in map(int, options.qualities.split(",")):
                    name = f"{stem}-q{quality}.jpg"
                    Image.fromarray(picture).save(options.out / name, "JPEG", quality=quality)
                    rows.writerow([name, int(mask is not None), kind, quality, row.source, row.category, f"{stem}-mask.png" if mask is not None else ""])


if __name__ == "__main__":
    main()
