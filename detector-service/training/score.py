"""Scores pictures with heads that never saw their source.

Each picture is prepared as the service meets it (m1: a native 224-pixel crop as JPEG; m2: the short side shrunk to 256, then the crop; full: up to four
native crops of the whole picture re-encoded once), with the same law of JPEG qualities for both classes.

The features of m1 and m2 are those that head.py kept.

    python3 score.py WORK PACKAGE > scores.csv
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

from backbone import Backbone
from dataset import FOLDS, Pictures
from network import Head

CROP = 224
CAP = 120
"""Pictures of one source and class at most, by their hashes."""
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


def grid(array: np.ndarray, per_side: int = 2) -> list[np.ndarray]:
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


def flat_share(crop: np.ndarray) -> float:
    """Share of flat blocks, by the rule of the service (src/detectors/crops.ts)."""
    luma = crop.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    height, width = (side // 8 * 8 for side in luma.shape)
    blocks = luma[:height, :width].reshape(height // 8, 8, width // 8, 8)
    return float((blocks.std((1, 3)) < 0.7).mean())


def describe(backbone: Backbone, crop: np.ndarray) -> torch.Tensor:
    rgb = torch.from_numpy(np.array(crop)).permute(2, 0, 1)[None].float() / 255
    return backbone(rgb.contiguous(memory_format=torch.channels_last))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--views", default="m1,m2,full")
    parser.add_argument("--per-source", type=int, default=30, help="whole pictures of one source and class at most, by their hashes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    heads = {fold: Head(torch.load(options.work / f"head-{fold}.pt")) for fold in range(len(FOLDS))}
    backbone = Backbone(options.package).eval()
    pictures = Pictures(options.work)
    store = np.load(options.work / "features.npz")
    cached = {
        view: {int(i): torch.from_numpy(seen[at])[None] for i, seen in zip(store["rows"], store["features"])} for at, view in enumerate(("m1", "m2"))
    }
    out = csv.writer(sys.stdout)
    out.writerow(["sha256", "label", "source", "category", "generator", "fold", "view", "flat", "logit"])
    taken = Counter()
    for i, row in sorted(enumerate(pictures.rows), key=lambda entry: entry[1].sha256):
        taken[row.fake, row.source] += 1
        if taken[row.fake, row.source] > CAP:
            continue
        unseen = list(heads.values()) if row.fold is None else [heads[row.fold]]
        for view, crops in views(pictures[i], row.sha256).items():
            if view not in options.views.split(",") or (view == "full" and taken[row.fake, row.source] > options.per_source):
                continue
            if view in cached and i in cached[view]:
                found = [cached[view][i]]
            else:
                found = [describe(backbone, crop) for crop in crops]
            logits = [float(head(features)) for features in found for head in unseen]
            values = [float(np.mean([flat_share(crop) for crop in crops])), float(np.mean(logits))]
            out.writerow([row.sha256, int(row.fake), row.source, row.category, row.generator, row.fold, view, *(f"{value:.5f}" for value in values)])


if __name__ == "__main__":
    main()
