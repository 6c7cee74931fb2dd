"""How every figure here is measured: whole sources left out, and with them all systems of the tested vocoder family; sources weigh alike."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from clips import CHANNELS, RATE, rows
from features import columns

FOLDS = 6

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]
"""Takes figures, labels (1 synthetic) and weights; gives a function from figures to scores."""


@dataclass(frozen=True)
class Use:
    """What a head is fitted on and for."""

    columns: np.ndarray
    channels: tuple[str, ...]


def uses() -> dict[str, Use]:
    """One head for sound that fills the wide band, one for what a telephone leaves."""
    return {
        "wide": Use(columns("telephone", "wide"), tuple(c for c in CHANNELS if c != "telephone")),
        "telephone": Use(columns("telephone"), CHANNELS),
    }


class Clips:
    """The packed clips: who made them, and their figures by channel."""

    def __init__(self, data: Path, work: Path):
        self.rows = rows(data)
        self.label = np.array([row["label"] == "fake" for row in self.rows]).astype(int)
        self.source = np.array([row["source_repo"] for row in self.rows])
        self.family = np.array([row["vocoder_family"] for row in self.rows])
        self.fold = folds([name.split("/")[0] for name in self.source])
        with np.load(work / "features.npz") as packed:
            self.figures = {c: np.stack([packed[f"{i}/{c}"] for i in range(len(self.rows))]) for c in CHANNELS}
        with np.load(work / "clips.npz") as packed:
            self.seconds = np.array([len(packed[f"{i}/clean"]) / RATE for i in range(len(self.rows))])

    def training(self, chosen: np.ndarray, use: "Use") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Figures, labels and weights of these clips in every channel of a use."""
        label, source, family = (np.tile(values[chosen], len(use.channels)) for values in (self.label, self.source, self.family))
        return np.concatenate([self.figures[c][chosen][:, use.columns] for c in use.channels]), label, balanced(label, source, family)


def folds(owners: list[str]) -> np.ndarray:
    """Repositories of one owner never part."""
    names = sorted(set(owners))
    order = np.random.default_rng(7).permutation(len(names))
    place = {name: int(order[i]) % FOLDS for i, name in enumerate(names)}
    return np.array([place[owner] for owner in owners])


def rounds(clips: Clips, hold_families: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of training and test clips. With families held out, no clip of the tested vocoder family is trained on either, whoever made it."""
    fold, family, label = clips.fold, clips.family, clips.label
    for held in range(FOLDS):
        if not hold_families:
            yield np.flatnonzero(fold != held), np.flatnonzero(fold == held)
            continue
        for name in sorted(set(family[fold == held])):
            parts = set(name.split("/"))
            related = np.array([bool(parts & set(other.split("/"))) for other in family])
            yield np.flatnonzero((fold != held) & ((label == 0) | ~related)), np.flatnonzero((fold == held) & (family == name))


def left_out_scores(clips: Clips, fit: Fit, use: Use, hold_families: bool = True) -> dict[str, np.ndarray]:
    """Each clip's score in each channel of a use, by a classifier that saw neither its source nor, with families held out, its kind of vocoder."""
    scores = {c: np.zeros(len(clips.rows)) for c in use.channels}
    for train, test in rounds(clips, hold_families):
        score = fit(*clips.training(train, use))
        for c in use.channels:
            scores[c][test] = score(clips.figures[c][test][:, use.columns])
    return scores


def balanced(label: np.ndarray, source: np.ndarray, family: np.ndarray) -> np.ndarray:
    """Both classes weigh alike, within the real ones each source, within the synthetic ones each vocoder family of each source."""
    unit = np.where(label == 0, source, np.char.add(np.char.add(source, " "), family))
    weight = np.zeros(len(label))
    for kind in (0, 1):
        names = set(unit[label == kind])
        for name in names:
            mask = (label == kind) & (unit == name)
            weight[mask] = 1 / mask.sum() / len(names)
    return weight * len(label) / 2


def equal_error(label: np.ndarray, score: np.ndarray) -> float:
    false, true, _ = roc_curve(label, score)
    at = int(np.argmin(np.abs(false - (1 - true))))
    return float((false[at] + 1 - true[at]) / 2)


def same_source(label: np.ndarray, score: np.ndarray, source: np.ndarray) -> tuple[float, int]:
    """Mean AUC over the sources that hold both classes, weighted by their pairs: recordings and syntheses of one studio, one codec, one language."""
    values, weights = [], []
    for name in sorted(set(source)):
        mask = source == name
        if mask.sum() >= 6 and 2 <= label[mask].sum() <= mask.sum() - 2:
            values.append(roc_auc_score(label[mask], score[mask]))
            weights.append(label[mask].sum() * (mask.sum() - label[mask].sum()))
    return float(np.average(values, weights=weights)), len(values)
