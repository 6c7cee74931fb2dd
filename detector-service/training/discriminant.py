"""A linear head in closed form, by a discriminant that counts differences between sources as noise.

Ordinary training prefers whatever tells the sources of one class from those of the other: sharpness, noise, subject. Here the covariance to divide by is the one
within sources, plus SOURCES times the covariance of the sources' means within their class, plus that of the same picture's different views. Directions in which
sources of one class differ among themselves so lose their say.
"""

from collections import Counter

import numpy as np
import torch

from network import REACH

UNSURE = {"web-ai-art", "web-real-art"}
"""Sources collected from the web whose labels are unsure."""
UNSURE_WEIGHT = 0.4
SOURCES = 250.0
VIEWS = 10.0
SHRINK = 0.3


def weights(rows) -> np.ndarray:
    """Half of the weight to each class; within a class a source counts by the square root of its size, one with unsure labels less."""
    sizes = Counter((row.fake, row.source) for row in rows)
    weight = np.array([sizes[row.fake, row.source] ** -0.5 * (UNSURE_WEIGHT if row.source in UNSURE else 1) for row in rows])
    fake = np.array([row.fake for row in rows])
    for label in (False, True):
        weight[fake == label] /= weight[fake == label].sum()
    return weight / 2


def fit(features: np.ndarray, rows, between_sources: float = SOURCES, between_views: float = VIEWS) -> dict[str, torch.Tensor]:
    """State of a Head whose logit has a standard deviation of 1 within a source. Features: [pictures, views, figures]. The last two weigh the noise between sources and between views."""
    figures = features.shape[-1]
    flat = features.reshape(-1, figures)
    mean, deviation = flat.mean(0), flat.std(0) + 1e-6
    scaled = np.clip((features - mean) / deviation, -REACH, REACH)
    weight, labels = weights(rows), np.array([int(row.fake) for row in rows])
    sources = np.array([f"{int(row.fake)} {row.source}" for row in rows])
    centre = [np.average(scaled[labels == label].mean(1), axis=0, weights=weight[labels == label]) for label in (0, 1)]
    within, between = np.zeros((figures, figures)), np.zeros((figures, figures))
    for source in set(sources):
        own = scaled[sources == source].reshape(-1, figures)
        share = weight[sources == source].sum()
        middle = own.mean(0)
        within += share * np.cov((own - middle).T, bias=True)
        apart = middle - centre[labels[sources == source][0]]
        between += share * np.outer(apart, apart)
    spread = (scaled - scaled.mean(1, keepdims=True)).reshape(-1, figures)
    noise = within + between_sources * between + between_views * (spread.T @ spread) / len(spread)
    noise = (1 - SHRINK) * noise + SHRINK * np.trace(noise) / figures * np.eye(figures)
    direction = np.linalg.solve(noise, centre[1] - centre[0])
    direction /= np.sqrt(direction @ within @ direction)
    state = {"mean": mean, "deviation": deviation, "direction": direction, "bias": -direction @ (centre[0] + centre[1]) / 2}
    return {name: torch.tensor(value, dtype=torch.float32) for name, value in state.items()}


def joined(heads: list[dict[str, torch.Tensor]], shares: list[float]) -> dict[str, torch.Tensor]:
    """State of the Head on the features of all, one after the other, whose logit is the sum of theirs by their shares."""
    state = {name: torch.cat([head[name] for head in heads]) for name in ("mean", "deviation")}
    state["direction"] = torch.cat([share * head["direction"] for head, share in zip(heads, shares)])
    state["bias"] = sum(share * head["bias"] for head, share in zip(heads, shares))
    return state
