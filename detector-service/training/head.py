"""Fits linear heads on the frozen features, one without each fold and one on all, by a discriminant that counts differences between sources as noise.

Ordinary training prefers whatever tells the sources of one class from those of the other: sharpness, noise, subject. Here the covariance to divide by is the one
within sources, plus SOURCES times the covariance of the sources' means within their class, plus that of the same picture's different views. Directions in which
sources of one class differ among themselves so lose their say. Closed form, hence nothing to tune by luck.

    python3 head.py WORK PACKAGE
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from backbone import FEATURES, Backbone
from dataset import OUTSIDE, Pictures, augment
from network import REACH
from score import CAP, CROP, views

UNSURE = {"web-ai-art", "web-real-art"}
"""Sources collected from the web whose labels are unsure."""
UNSURE_WEIGHT = 0.4
AUGMENTED = 1
SOURCES = 40.0
VIEWS = 3.0
SHRINK = 0.3


def weights(rows) -> np.ndarray:
    """Half of the weight to each class; within a class a source counts by the square root of its size, one with unsure labels less."""
    sizes = Counter((row.fake, row.source) for row in rows)
    weight = np.array([sizes[row.fake, row.source] ** -0.5 * (UNSURE_WEIGHT if row.source in UNSURE else 1) for row in rows])
    fake = np.array([row.fake for row in rows])
    for label in (False, True):
        weight[fake == label] /= weight[fake == label].sum()
    return weight / 2


def extract(work: Path, package: Path):
    """Features of the views of each picture, kept in the work folder: [pictures, views, FEATURES] and the pictures' rows."""
    store = work / "features.npz"
    if store.exists():
        kept = np.load(store)
        return kept["features"], kept["rows"]
    torch.set_grad_enabled(False)
    backbone, pictures, taken = Backbone(package).eval(), Pictures(work), Counter()
    features, rows = [], []
    for i, row in sorted(enumerate(pictures.rows), key=lambda entry: entry[1].sha256):
        taken[row.fake, row.source] += 1
        if taken[row.fake, row.source] > CAP or row.category in OUTSIDE or row.fold is None:
            continue
        rng, array = random.Random(int(row.sha256[:8], 16)), pictures[i]
        seen = views(array, row.sha256)
        crops = [seen["m1"][0], seen["m2"][0], *(augment(array, CROP, rng) for _ in range(AUGMENTED))]
        tensors = [torch.from_numpy(np.array(crop)).permute(2, 0, 1)[None].float() / 255 for crop in crops]
        features.append([backbone(tensor.contiguous(memory_format=torch.channels_last))[0][0].numpy() for tensor in tensors])
        rows.append(i)
        if len(rows) % 100 == 0:
            print(f"{len(rows)} pictures", flush=True)
    features, rows = np.array(features, np.float32), np.array(rows)
    np.savez(store, features=features, rows=rows)
    return features, rows


def fit(features: np.ndarray, labels: np.ndarray, sources: np.ndarray, weight: np.ndarray):
    """Weights and bias of a logit whose standard deviation within a source is 1. Features: standardised, [pictures, views, FEATURES]."""
    centre = [np.average(features[labels == label].mean(1), axis=0, weights=weight[labels == label]) for label in (0, 1)]
    within, between = np.zeros((FEATURES, FEATURES)), np.zeros((FEATURES, FEATURES))
    for source in set(sources):
        own = features[sources == source].reshape(-1, FEATURES)
        share = weight[sources == source].sum()
        mean = own.mean(0)
        within += share * np.cov((own - mean).T, bias=True)
        apart = mean - centre[labels[sources == source][0]]
        between += share * np.outer(apart, apart)
    spread = (features - features.mean(1, keepdims=True)).reshape(-1, FEATURES)
    noise = within + SOURCES * between + VIEWS * (spread.T @ spread) / len(spread)
    noise = (1 - SHRINK) * noise + SHRINK * np.trace(noise) / FEATURES * np.eye(FEATURES)
    direction = np.linalg.solve(noise, centre[1] - centre[0])
    direction /= np.sqrt(direction @ within @ direction)
    return direction, -direction @ (centre[0] + centre[1]) / 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    features, rows = extract(options.work, options.package)
    pictures = [Pictures(options.work).rows[i] for i in rows]
    flat = features.reshape(-1, FEATURES)
    mean, deviation = flat.mean(0), flat.std(0) + 1e-6
    scaled = np.clip((features - mean) / deviation, -REACH, REACH)
    for fold in (*sorted({row.fold for row in pictures}), None):
        kept = np.array([row.fold != fold for row in pictures])
        own = [row for row in pictures if row.fold != fold]
        labels = np.array([int(row.fake) for row in own])
        sources = np.array([f"{int(row.fake)} {row.source}" for row in own])
        direction, bias = fit(scaled[kept], labels, sources, weights(own))
        tensors = {"mean": mean, "deviation": deviation, "direction": direction, "bias": np.array(bias)}
        name = "head.pt" if fold is None else f"head-{fold}.pt"
        torch.save({key: torch.tensor(value, dtype=torch.float32) for key, value in tensors.items()}, options.work / name)
        print(f"{name}: {kept.sum()} pictures of {len(set(sources))} sources")


if __name__ == "__main__":
    main()
