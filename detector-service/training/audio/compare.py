"""What each group of figures and each classifier gives: equal error rate, AUC, and AUC among clips of one source, in every channel.

    python3 compare.py DATA WORK
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import features
import head
from clips import RATE
from protocol import Clips, Use, equal_error, left_out_scores, same_source, uses


def boosting(x, y, weight):
    model = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=5.0, random_state=0)
    model.fit(x, y, sample_weight=weight)
    return lambda z: model.predict_proba(z)[:, 1]


def standardised(x, y, weight):
    mean, deviation = x.mean(0), x.std(0) + 1e-9

    def spread(z):
        return np.clip((z - mean) / deviation, -3, 3)

    model = LogisticRegression(C=head.STRENGTH, max_iter=1000).fit(spread(x), y, sample_weight=weight)
    return lambda z: model.decision_function(spread(z))


def main(data: Path, work: Path) -> None:
    clips = Clips(data, work)
    fitted = uses()
    sizes = {name: len(values) for name, values in features.groups(np.random.default_rng(0).normal(size=RATE), "telephone").items()}
    ends = np.cumsum([*sizes.values()])
    places = {name: np.arange(end - size, end) for (name, size), end in zip(sizes.items(), ends)}

    def show(what: str, fit, use: Use, hold_families=True) -> None:
        scores = left_out_scores(clips, fit, use, hold_families)
        cells = [f"{c} {equal_error(clips.label, s):.1%} {roc_auc_score(clips.label, s):.3f} {same_source(clips.label, s, clips.source)[0]:.3f}" for c, s in scores.items()]
        print(f"{what:34s}", " | ".join(cells), flush=True)

    print("EER, AUC, AUC within one source;", ", ".join(f"{name} {size}" for name, size in sizes.items()))
    for name, use in fitted.items():
        show(f"{name}, shipped", head.fit, use)
        show(f"{name}, only sources out", head.fit, use, False)
        show(f"{name}, standardised", standardised, use)
        show(f"{name}, boosting", boosting, use)
    narrow = fitted["telephone"]
    for name, place in places.items():
        show(f"telephone, {name} alone", head.fit, Use(place, narrow.channels))
        show(f"telephone, without {name}", head.fit, Use(np.setdiff1d(narrow.columns, place), narrow.channels))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
