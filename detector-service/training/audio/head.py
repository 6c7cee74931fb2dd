"""The classifier that is shipped: each figure by its place among the training's, then logistic regression."""

from pathlib import Path

import numpy as np
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression

KNOTS = 17
STRENGTH = 0.01
"""Inverse strength of the penalty on the weights."""
OUTSIDE = 0.002
"""Share of the training at each end beyond which a figure counts as strange."""


class Head:
    def __init__(self, figures: np.ndarray, label: np.ndarray, weight: np.ndarray):
        places = (np.arange(KNOTS) + 0.5) / KNOTS
        self.knots = np.maximum.accumulate(np.quantile(figures, places, axis=0), axis=0)
        self.values = norm.ppf(places)
        self.bounds = np.quantile(figures, (OUTSIDE, 1 - OUTSIDE), axis=0)
        fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(self.placed(figures), label, sample_weight=weight)
        self.weights, self.intercept = fitted.coef_[0], float(fitted.intercept_[0])

    @classmethod
    def stored(cls, path: Path) -> "Head":
        loaded = cls.__new__(cls)
        with np.load(path) as parts:
            vars(loaded).update({name: parts[name] for name in parts.files})
        return loaded

    def store(self, path: Path) -> None:
        np.savez(path, **vars(self))

    def placed(self, figures: np.ndarray) -> np.ndarray:
        """As normal quantiles, straight between the knots and constant beyond them: a figure that is far off counts no more than one at the end."""
        return np.stack([np.interp(figures[:, j], self.knots[:, j], self.values) for j in range(figures.shape[1])], 1)

    def logit(self, figures: np.ndarray) -> np.ndarray:
        return self.placed(figures) @ self.weights + self.intercept

    def strangeness(self, figures: np.ndarray) -> np.ndarray:
        """Share of the figures that lie beyond nearly all of the training."""
        return ((figures < self.bounds[0]) | (figures > self.bounds[1])).mean(1)


def fit(figures: np.ndarray, label: np.ndarray, weight: np.ndarray):
    return Head(figures, label, weight).logit
