"""Scores pictures with members that never saw their source.

Each picture is prepared as the service meets it (m1: a native 224-pixel crop as JPEG; m2: the short side shrunk to 256, then the crop; full: up to nine
native crops of the whole picture re-encoded once), with the same law of JPEG qualities for both classes.

    python3 score.py WORK member-0.pt member-1.pt member-2.pt > scores.csv
"""

import argparse
import csv
import hashlib
import io
import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from dataset import Pictures
from network import ResidualNet

CROP = 224
QUALITIES = [70, 75, 80, 85, 90, 92, 95]


def quality(sha256: str) -> int:
    return QUALITIES[int(hashlib.sha256(sha256.encode()).hexdigest(), 16) % len(QUALITIES)]


def jpeg(image: Image.Image, q: int) -> np.ndarray:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=q)
    return np.asarray(Image.open(io.BytesIO(buffer.getvalue())).convert("RGB"))


def centre(image: Image.Image) -> Image.Image:
    width, height = (min(side, CROP) for side in image.size)
    x, y = (image.size[0] - width) // 2, (image.size[1] - height) // 2
    return image.crop((x, y, x + width, y + height))


def places(length: int, side: int, per_side: int) -> list[int]:
    """The service places its crops by the same rule (src/detectors/crops.ts)."""
    count = min(per_side, max(1, math.floor(length / side + 0.5)))
    return [(length - side) // 2] if count == 1 else [i * (length - side) // (count - 1) for i in range(count)]


def grid(array: np.ndarray, per_side: int = 3) -> list[np.ndarray]:
    height, width = (min(side, CROP) for side in array.shape[:2])
    return [
        array[y : y + height, x : x + width]
        for y in places(array.shape[0], height, per_side)
        for x in places(array.shape[1], width, per_side)
    ]


def views(array: np.ndarray, sha256: str):
    image, q = Image.fromarray(array), quality(sha256)
    factor = 256 / min(image.size)
    small = image.resize((max(256, round(image.size[0] * factor)), max(256, round(image.size[1] * factor))), Image.BICUBIC)
    full = jpeg(image, q)
    return {
        "m1": [jpeg(centre(image), q)],
        "m2": [jpeg(centre(small), q)],
        "full": grid(full),
    }


def logits(nets, crops) -> float:
    batch = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        return float(np.mean([net(batch)[0].numpy().mean() for net in nets]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("members", type=Path, nargs="+")
    parser.add_argument("--views", default="m1,m2,full")
    parser.add_argument("--per-source", type=int, default=60, help="pictures of one source and class at most, by their hashes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    nets = {}
    for path in options.members:
        state = torch.load(path)
        net = ResidualNet()
        net.load_state_dict(state["weights"])
        nets[state["fold"]] = net.eval()
    pictures = Pictures(options.work)
    out = csv.writer(sys.stdout)
    out.writerow(["sha256", "label", "source", "category", "generator", "fold", "view", "logit"])
    taken = Counter()
    for i, row in sorted(enumerate(pictures.rows), key=lambda entry: entry[1].sha256):
        taken[row.fake, row.source] += 1
        if taken[row.fake, row.source] > options.per_source:
            continue
        unseen = list(nets.values()) if row.fold is None else [nets[row.fold]] if row.fold in nets else []
        if not unseen or (len(nets) < 3 and row.fold is None):
            continue
        for view, crops in views(pictures[i], row.sha256).items():
            if view in options.views.split(","):
                value = logits(unseen, crops)
                out.writerow([row.sha256, int(row.fake), row.source, row.category, row.generator, row.fold, view, f"{value:.5f}"])


if __name__ == "__main__":
    main()
