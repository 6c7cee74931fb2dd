"""Scores the pictures of make_edit_tests.py with a trained edit network and compares its map with the true mask.

    python3 score_edits.py TESTS WORK/edit-net.pt > edit-scores.csv

Adds to the columns of the manifest: `logit`, and for edited pictures `iou`, `f1` (of cells with a logit above 0) and `cells_auc` (cells ranked by the map).
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.metrics import roc_auc_score

from edit_network import EditNet

SIDE = 640
"""Longest side that the service shows to the model."""


def prepared(path: Path) -> np.ndarray:
    """As the service does: within SIDE, then JPEG 90 where it was shrunk; sides cut to multiples of 8."""
    image = Image.open(path).convert("RGB")
    if max(image.size) > SIDE:
        from edits import jpeg

        image.thumbnail((SIDE, SIDE), Image.LANCZOS)
        image = jpeg(image, 90)
    array = np.asarray(image)
    return array[: array.shape[0] // 8 * 8, : array.shape[1] // 8 * 8]


def overlap(map_logits: np.ndarray, mask_path: Path) -> dict:
    height, width = map_logits.shape
    mask = Image.open(mask_path).crop((0, 0, width * 8, height * 8)).resize((width, height), Image.BOX)
    truth, found = np.asarray(mask) > 127, map_logits > 0
    both, either = (truth & found).sum(), (truth | found).sum()
    total = truth.sum() + found.sum()
    ranked = roc_auc_score(truth.ravel(), map_logits.ravel()) if truth.any() and not truth.all() else ""
    return {"iou": both / max(1, either), "f1": 2 * both / max(1, total), "cells_auc": ranked}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", type=Path)
    parser.add_argument("network", type=Path)
    parser.add_argument("--only", default="", help="part of the file names to score")
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = EditNet()
    net.load_state_dict(torch.load(options.network)["weights"])
    net.eval()
    rows = [row for row in csv.DictReader(open(options.tests / "manifest.csv", newline="")) if options.only in row["file"]]
    out = csv.DictWriter(sys.stdout, [*rows[0], "logit", "iou", "f1", "cells_auc"])
    out.writeheader()
    for row in rows:
        array = prepared(options.tests / row["file"])
        with torch.no_grad():
            logit, maps = net(torch.from_numpy(array.copy()).permute(2, 0, 1)[None].float() / 255)
        more = overlap(maps[0].numpy(), options.tests / row["mask"]) if row["mask"] else {}
        out.writerow({**row, "logit": f"{float(logit):.5f}", **{key: f"{value:.4f}" if value != "" else "" for key, value in more.items()}})


if __name__ == "__main__":
    main()
