"""Scores every clip by heads that saw neither its source nor its vocoder family, fits the calibration on those scores, and measures.

    python3 calibrate.py DATA WORK       # writes WORK/measured.json
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

import head
from clips import CHANNELS
from protocol import FOLDS, Clips, balanced, equal_error, left_out_scores, same_source

MIN_SECONDS = 2
"""Shorter clips are trained on; the service does not score them, so they are not measured."""
FALSE_ALARMS = 0.01
EARNED = 10.0
"""An alarm is allowed only where it flags this many times the share of synthetic clips that it flags of real ones, and these at most twice FALSE_ALARMS."""
BINS = 10
DRAWS = 1000


def calibration(logit: np.ndarray, label: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Temperature and bias that minimise the weighted log loss, both classes equally likely."""

    def loss(parameters):
        score = logit * np.exp(-parameters[0]) + parameters[1]
        return float((weight * np.logaddexp(0, np.where(label == 1, -score, score))).sum())

    log_temperature, bias = minimize(loss, (0.0, 0.0), method="Nelder-Mead").x
    return float(np.exp(log_temperature)), float(bias)


def probability(logit: np.ndarray, temperature: float, bias: float) -> np.ndarray:
    return 1 / (1 + np.exp(-(logit / temperature + bias)))


def calibration_error(score: np.ndarray, label: np.ndarray, weight: np.ndarray) -> float:
    """Expected difference of probability and share, over bins of equal mass."""
    order = np.argsort(score)
    place = np.cumsum(weight[order]) / weight.sum()
    bins = np.minimum((place * BINS).astype(int), BINS - 1)
    error = 0.0
    for index in range(BINS):
        part = order[bins == index]
        if len(part):
            error += weight[part].sum() * abs(np.average(score[part], weights=weight[part]) - np.average(label[part], weights=weight[part]))
    return error / weight.sum()


def interval(clips: Clips, scored: np.ndarray, logit: np.ndarray) -> list[float]:
    """95 % of the AUC when sources are drawn, not clips."""
    random = np.random.default_rng(11)
    names = sorted(set(clips.source[scored]))
    members = {name: scored[clips.source[scored] == name] for name in names}
    drawn = []
    for _ in range(DRAWS):
        chosen = np.concatenate([members[names[i]] for i in random.integers(0, len(names), len(names))])
        if 0 < clips.label[chosen].mean() < 1:
            drawn.append(roc_auc_score(clips.label[chosen], logit[chosen]))
    return [round(float(value), 3) for value in np.quantile(drawn, (0.025, 0.975))]


def threshold_at(score: np.ndarray, real: np.ndarray) -> float:
    """Lowest threshold that flags at most FALSE_ALARMS of the real clips."""
    ranked = np.sort(score[real])[::-1]
    return float(ranked[int(FALSE_ALARMS * len(ranked))]) + 1e-4


def main(data: Path, work: Path) -> None:
    clips = Clips(data, work)
    every = np.arange(clips.figures["clean"].shape[1])
    logits = left_out_scores(clips, head.fit, every)
    known = left_out_scores(clips, head.fit, every, hold_families=False)
    scored = np.flatnonzero(clips.seconds >= MIN_SECONDS)
    label, source, family, fold = clips.label[scored], clips.source[scored], clips.family[scored], clips.fold[scored]
    weight = balanced(label, source, family)
    count = len(CHANNELS)
    joined = np.concatenate([logits[c][scored] for c in CHANNELS])
    many = {"label": np.tile(label, count), "weight": np.tile(weight, count), "fold": np.tile(fold, count)}
    temperature, bias = calibration(joined, many["label"], many["weight"])
    elsewhere, alarm = np.zeros(len(joined)), np.zeros(len(joined), bool)
    for held in range(FOLDS):
        rest, own = many["fold"] != held, many["fold"] == held
        fitted = calibration(joined[rest], many["label"][rest], many["weight"][rest])
        elsewhere[own] = probability(joined[own], *fitted)
        alarm[own] = joined[own] >= threshold_at(joined, rest & (many["label"] == 0))
    false_alarms = float(np.average(alarm[many["label"] == 0], weights=many["weight"][many["label"] == 0]))
    found = float(np.average(alarm[many["label"] == 1], weights=many["weight"][many["label"] == 1]))
    worst = max(float(alarm[np.tile((label == 0) & (source == name), count)].mean()) for name in set(source[label == 0]))
    earned = found >= EARNED * false_alarms and false_alarms <= 2 * FALSE_ALARMS and worst <= 0.1
    suspect = float(probability(np.array([threshold_at(joined, many["label"] == 0)]), temperature, bias)[0])
    chance = {c: probability(logits[c][scored], temperature, bias) for c in CHANNELS}

    def rounded(value: float) -> float:
        return round(float(value), 3)

    channels = [
        {
            "channel": c,
            "eer": rounded(equal_error(label, logits[c][scored])),
            "auc": rounded(roc_auc_score(label, logits[c][scored])),
            "interval": interval(clips, scored, logits[c]),
            "sameSource": rounded(same_source(label, logits[c][scored], source)[0]),
            "eerFamiliesKnown": rounded(equal_error(label, known[c][scored])),
            "aucFamiliesKnown": rounded(roc_auc_score(label, known[c][scored])),
            "calibrationError": rounded(calibration_error(elsewhere[i * len(scored) : (i + 1) * len(scored)], label, weight)),
        }
        for i, c in enumerate(CHANNELS)
    ]
    families = []
    for name in sorted(set(family[label == 1])):
        mask = (family == name) | (label == 0)
        families.append(
            {"family": name, "clips": int((family == name).sum()), "auc": {c: rounded(roc_auc_score(label[mask], logits[c][scored][mask])) for c in CHANNELS}}
        )
    sources = [
        {
            "class": "synthetic" if kind else "real", "source": name, "clips": int(mask.sum()),
            "mean": {c: rounded(chance[c][mask].mean()) for c in CHANNELS}, "aboveHalf": rounded(np.mean([(chance[c][mask] > 0.5).mean() for c in CHANNELS])),
        }
        for kind in (0, 1)
        for name in sorted(set(source[label == kind]))
        for mask in [(label == kind) & (source == name)]
    ]
    numbers = {
        "calibration": {"temperature": round(temperature, 4), "bias": round(bias, 4)},
        "thresholds": {"suspect": rounded(suspect), "clear": 0} if earned else {"suspect": 1, "clear": 0},
        "measured": {
            "how": f"Each clip scored by heads that saw neither its repository nor any system of its vocoder family; clips of at least {MIN_SECONDS} s; intervals by drawing repositories.",
            "clips": {"real": int((label == 0).sum()), "synthetic": int((label == 1).sum()), "shorterLeftOut": int(len(clips.rows) - len(scored))},
            "channels": channels,
            "alarm": {"triedThreshold": rounded(suspect), "falseAlarms": rounded(false_alarms), "found": rounded(found), "worstRealSource": rounded(worst), "earned": bool(earned)},
            "families": families,
            "sources": sources,
        },
    }
    (work / "measured.json").write_text(json.dumps(numbers, indent=2) + "\n")
    for row in channels:
        print(row)
    print(numbers["calibration"], numbers["measured"]["alarm"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
