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
    for name in set(source):
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


MODELS = {
    "boosting": lambda: HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=5.0, random_state=0),
    "logistic": lambda: make_pipeline(QuantileTransformer(output_distribution="normal", n_quantiles=200, random_state=0), LogisticRegression(C=0.01, max_iter=500)),
}


def report(name, label, scores, source) -> None:
    for channel in CHANNELS:
        score = scores[channel]
        inside, count = same_source(label, score, source)
        print(f"{name:22s} {channel:10s} EER {equal_error(label, score):.3f}  AUC {roc_auc_score(label, score):.3f}  same source {inside:.3f} ({count})", flush=True)


def main(data: Path, work: Path) -> None:
    table = rows(data)
    label = np.array([row["label"] == "fake" for row in table]).astype(int)
    source = np.array([row["source_repo"] for row in table])
    fold = folds([name.split("/")[0] for name in source])
    with np.load(work / "features.npz") as packed:
        measured = {key: packed[key] for key in packed.files}
    by_channel = {c: np.stack([measured[f"{i}/{c}"] for i in range(len(table))]) for c in CHANNELS}
    twins = [key for key in measured if key.startswith("twin")]
    for name, make in MODELS.items():
        for variant in ("clips", *(["clips and twins", "twins only"] if twins else [])):
            scores = {c: np.zeros(len(table)) for c in CHANNELS}
            for held in range(FOLDS):
                train = np.flatnonzero(fold != held)
                if variant == "twins only":
                    train = train[label[train] == 0]
                x = np.concatenate([by_channel[c][train] for c in CHANNELS])
                y, s = np.tile(label[train], len(CHANNELS)), np.tile(source[train], len(CHANNELS))
                if variant != "clips":
                    kept = [key for key in twins if fold[int(key.split("/")[2])] != held]
                    x = np.concatenate([x, np.stack([measured[key] for key in kept])])
                    y = np.r_[y, np.ones(len(kept), int)]
                    s = np.r_[s, np.array(["twin " + source[int(key.split("/")[2])] for key in kept])]
                model = make()
                weight = balanced(y, s)
                fit = {"logisticregression__sample_weight": weight} if name == "logistic" else {"sample_weight": weight}
                model.fit(x, y, **fit)
                test = np.flatnonzero(fold == held)
                for c in CHANNELS:
                    scores[c][test] = model.predict_proba(by_channel[c][test])[:, 1]
            report(f"{name}, {variant}", label, scores, source)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
