"""Leave-source-out measurement of feature classifiers: equal error rate and AUC in every channel, and AUC among clips of one source.

    python3 compare.py DATA WORK
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from clips import CHANNELS, rows

FOLDS = 6


def folds(owners: list[str]) -> np.ndarray:
    """Repositories of one owner never part."""
    names = sorted(set(owners))
    order = np.random.default_rng(7).permutation(len(names))
    place = {name: int(order[i]) % FOLDS for i, name in enumerate(names)}
    return np.array([place[owner] for owner in owners])


def equal_error(label: np.ndarray, score: np.ndarray) -> float:
    false, true, _ = roc_curve(label, score)
    at = int(np.argmin(np.abs(false - (1 - true))))
    return float((false[at] + 1 - true[at]) / 2)


def same_source(label, score, source) -> tuple[float, int]:
    """Mean AUC over the sources that hold both classes, weighted by their pairs: recordings and syntheses of one studio, one codec, one language."""
    values, weights = [], []
    for name in sorted(set(source)):
        mask = source == name
        if mask.sum() >= 6 and 2 <= label[mask].sum() <= mask.sum() - 2:
            values.append(roc_auc_score(label[mask], score[mask]))
            weights.append(label[mask].sum() * (mask.sum() - label[mask].sum()))
    return float(np.average(values, weights=weights)), len(values)


def balanced(label, source) -> np.ndarray:
    """Every source weighs the same within its class."""
    weight = np.zeros(len(label))
    for kind in (0, 1):
        names = set(source[label == kind])
        for name in names:
            mask = (label == kind) & (source == name)
            weight[mask] = 1 / mask.sum() / len(names)
    return weight * len(label)


def boosting(x, y, weight):
    model = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=5.0, random_state=0)
    return model.fit(x, y, sample_weight=weight)


def logistic(x, y, weight):
    spread = QuantileTransformer(output_distribution="normal", n_quantiles=200, random_state=0)
    return make_pipeline(spread, LogisticRegression(C=0.01, max_iter=500)).fit(x, y, logisticregression__sample_weight=weight)


def rounds(fold, family, label, hold_families: bool):
    """Pairs of training and test clips. With families held out, no clip of the tested vocoder family is trained on either, whoever made it."""
    for held in range(FOLDS):
        if not hold_families:
            yield np.flatnonzero(fold != held), np.flatnonzero(fold == held)
            continue
        for name in sorted(set(family[fold == held])):
            parts = set(name.split("/"))
            related = np.array([bool(parts & set(other.split("/"))) for other in family])
            yield np.flatnonzero((fold != held) & ((label == 0) | ~related)), np.flatnonzero((fold == held) & (family == name))


def main(data: Path, work: Path) -> None:
    table = rows(data)
    label = np.array([row["label"] == "fake" for row in table]).astype(int)
    source = np.array([row["source_repo"] for row in table])
    family = np.array([row["vocoder_family"] for row in table])
    fold = folds([name.split("/")[0] for name in source])
    with np.load(work / "features.npz") as packed:
        measured = {c: np.stack([packed[f"{i}/{c}"] for i in range(len(table))]) for c in CHANNELS}
    scores = {}
    for name, fit, hold_families in (("boosting", boosting, False), ("logistic", logistic, False), ("logistic, families out", logistic, True)):
        scores = {c: np.zeros(len(table)) for c in CHANNELS}
        for train, test in rounds(fold, family, label, hold_families):
            y, s = np.tile(label[train], len(CHANNELS)), np.tile(source[train], len(CHANNELS))
            model = fit(np.concatenate([measured[c][train] for c in CHANNELS]), y, balanced(y, s))
            for c in CHANNELS:
                scores[c][test] = model.predict_proba(measured[c][test])[:, 1]
        for c in CHANNELS:
            inside, count = same_source(label, scores[c], source)
            print(f"{name:24s} {c:10s} EER {equal_error(label, scores[c]):.3f}  AUC {roc_auc_score(label, scores[c]):.3f}  same source {inside:.3f} ({count})")
    for name in sorted(set(family[label == 1])):
        mask = (family == name) | (label == 0)
        figures = "  ".join(f"{c} {roc_auc_score(label[mask], scores[c][mask]):.2f}" for c in CHANNELS)
        print(f"AUC {name:20s} {np.sum(family == name):4d} clips  {figures}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
