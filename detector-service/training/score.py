"""Scores pictures with members that never saw their source.

Each picture is prepared as the service meets it (m1: a native 224-pixel crop as JPEG; m2: the short side shrunk to 256, then the crop; full: both,
as the service adds them), with the same law of JPEG qualities for both classes.

Documents and screenshots, which no training sees, are scored by the member that is shipped. Pictures with a side under CROP are left out, as in training.

    python3 score.py WORK PACKAGE > scores.csv

A row has the mean logit of the members that have not seen the picture, and the logit of each: one member for a picture of a fold, all for a source that nobody was trained on.
"""

import argparse
import csv
import hashlib
import io
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from backbone import prepare
from dataset import CROP, OUTSIDE, Pictures, capped
from members import MEMBERS, member

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


def views(array: np.ndarray, sha256: str) -> dict[str, np.ndarray]:
    image, q = Image.fromarray(array), quality(sha256)
    factor = 256 / min(image.size)
    small = image.resize((max(256, round(image.size[0] * factor)), max(256, round(image.size[1] * factor))), Image.BICUBIC)
    return {"m1": jpeg(centre(image), q), "m2": jpeg(centre(small), q)}


def flat_share(crop: np.ndarray) -> float:
    """Share of flat blocks, by the rule of the service (src/detectors/crops.ts)."""
    luma = crop.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    height, width = (side // 8 * 8 for side in luma.shape)
    blocks = luma[:height, :width].reshape(height // 8, 8, width // 8, 8)
    return float((blocks.std((1, 3)) < 0.7).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    *members, shipped = [member(options.work, options.package, fold) for fold in MEMBERS]
    pictures = Pictures(options.work)
    out = csv.writer(sys.stdout)
    out.writerow(["sha256", "label", "source", "category", "generator", "fold", "view", "flat", "logit", "logits"])
    for i in capped(pictures.rows):
        row = pictures.rows[i]
        if row.category in OUTSIDE:
            unseen = [shipped]
        elif min(row.height, row.width) < CROP:
            continue
        else:
            unseen = members if row.fold is None else [members[row.fold]]
        crops = views(pictures[i], row.sha256)
        flat = {view: flat_share(crop) for view, crop in crops.items()}
        logits = {view: [float(one(prepare(crop[None]))[0]) for one in unseen] for view, crop in crops.items()}
        flat["full"], logits["full"] = float(np.mean([*flat.values()])), np.mean([*logits.values()], axis=0)
        for view, own in logits.items():
            each = " ".join(f"{logit:.5f}" for logit in own)
            out.writerow([row.sha256, int(row.fake), row.source, row.category, row.generator, row.fold, view, f"{flat[view]:.5f}", f"{np.mean(own):.5f}", each])


if __name__ == "__main__":
    main()
