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
from protocol import FOLDS, Clips, Use, balanced, equal_error, left_out_scores, same_source, uses

MIN_SECONDS = 2
"""Shorter clips are trained on; the service does not score them, so they are not measured."""
FALSE_ALARMS = 0.01
EARNED, WORST_SOURCE = 10.0, 0.1
"""An alarm is allowed only where it flags this many times the share of synthetic clips that it flags of real ones, these at most twice FALSE_ALARMS, and of no real
source more than WORST_SOURCE."""
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


def interval(label: np.ndarray, source: np.ndarray, logit: np.ndarray) -> list[float]:
    """95 % of the AUC when sources are drawn, not clips."""
    random = np.random.default_rng(11)
    members = [np.flatnonzero(source == name) for name in sorted(set(source))]
    drawn = []
    for _ in range(DRAWS):
        chosen = np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
        if 0 < label[chosen].mean() < 1:
            drawn.append(roc_auc_score(label[chosen], logit[chosen]))
    return [rounded(value) for value in np.quantile(drawn, (0.025, 0.975))]


def threshold_at(score: np.ndarray, real: np.ndarray) -> float:
    """Lowest threshold that flags at most FALSE_ALARMS of the real clips."""
    ranked = np.sort(score[real])[::-1]
    return float(ranked[int(FALSE_ALARMS * len(ranked))]) + 1e-4


class Measured:
    """One head's scores of clips that it knows nothing of, calibrated, over the channels that it is used for."""

    def __init__(self, clips: Clips, use: Use, channels: tuple[str, ...], scored: np.ndarray):
        self.logits = {c: s[scored] for c, s in left_out_scores(clips, head.fit, use).items() if c in channels}
        self.known = {c: s[scored] for c, s in left_out_scores(clips, head.fit, use, hold_families=False).items() if c in channels}
        times = len(channels)
        self.label, fold = np.tile(clips.label[scored], times), np.tile(clips.fold[scored], times)
        self.source = np.tile(clips.source[scored], times)
        self.weight = np.tile(balanced(clips.label[scored], clips.source[scored], clips.family[scored]), times)
        joined = np.concatenate([self.logits[c] for c in channels])
        self.temperature, self.bias = calibration(joined, self.label, self.weight)
        self.chance = {c: probability(s, self.temperature, self.bias) for c, s in self.logits.items()}
        elsewhere, self.alarm = np.zeros(len(joined)), np.zeros(len(joined), bool)
        for held in range(FOLDS):
            rest, own = fold != held, fold == held
            elsewhere[own] = probability(joined[own], *calibration(joined[rest], self.label[rest], self.weight[rest]))
            self.alarm[own] = joined[own] >= threshold_at(joined, rest & (self.label == 0))
        self.elsewhere = dict(zip(channels, np.split(elsewhere, times)))
        self.suspect = float(probability(np.array([threshold_at(joined, self.label == 0)]), self.temperature, self.bias)[0])


def rounded(value: float) -> float:
    return round(float(value), 3)


def channel_row(clips: Clips, scored: np.ndarray, name: str, c: str, of: Measured) -> dict:
    label, source, logit, known = clips.label[scored], clips.source[scored], of.logits[c], of.known[c]
    return {
        "channel": c, "head": name,
        "eer": rounded(equal_error(label, logit)), "auc": rounded(roc_auc_score(label, logit)), "interval": interval(label, source, logit),
        "sameSource": rounded(same_source(label, logit, source)[0]),
        "eerFamiliesKnown": rounded(equal_error(label, known)), "aucFamiliesKnown": rounded(roc_auc_score(label, known)),
        "calibrationError": rounded(calibration_error(of.elsewhere[c], label, balanced(label, source, clips.family[scored]))),
    }


def alarm_row(measured: dict[str, Measured]) -> dict:
    label, weight, source, alarm = (np.concatenate([getattr(m, part) for m in measured.values()]) for part in ("label", "weight", "source", "alarm"))
    false_alarms = np.average(alarm[label == 0], weights=weight[label == 0])
    found = np.average(alarm[label == 1], weights=weight[label == 1])
    worst = max(alarm[(label == 0) & (source == name)].mean() for name in set(source[label == 0]))
    earned = found >= EARNED * false_alarms and false_alarms <= 2 * FALSE_ALARMS and worst <= WORST_SOURCE
    suspect = max(m.suspect for m in measured.values())
    return {"triedThreshold": rounded(suspect), "falseAlarms": rounded(false_alarms), "found": rounded(found), "worstRealSource": rounded(worst), "earned": bool(earned)}


def main(data: Path, work: Path) -> None:
    clips = Clips(data, work)
    scored = np.flatnonzero(clips.seconds >= MIN_SECONDS)
    label, source, family = clips.label[scored], clips.source[scored], clips.family[scored]
    fitted = uses()
    measured = {
        "wide": Measured(clips, fitted["wide"], fitted["wide"].channels, scored),
        "telephone": Measured(clips, fitted["telephone"], ("telephone",), scored),
    }
    channels = [channel_row(clips, scored, name, c, of) for name, of in measured.items() for c in of.logits]
    logits = {c: of.logits[c] for of in measured.values() for c in of.logits}
    chance = {c: of.chance[c] for of in measured.values() for c in of.chance}
    families = [
        {"family": name, "clips": int((family == name).sum()), "auc": {c: rounded(roc_auc_score(label[mask], s[mask])) for c, s in logits.items()}}
        for name in sorted(set(family[label == 1]))
        for mask in [(family == name) | (label == 0)]
    ]
    sources = [
        {
            "class": "synthetic" if kind else "real", "source": name, "clips": int(mask.sum()),
            "mean": {c: rounded(s[mask].mean()) for c, s in chance.items()}, "aboveHalf": rounded(np.mean([(s[mask] > 0.5).mean() for s in chance.values()])),
        }
        for kind in (0, 1)
        for name in sorted(set(source[label == kind]))
        for mask in [(label == kind) & (source == name)]
    ]
    alarm = alarm_row(measured)
    numbers = {
        "calibrations": {name: {"temperature": round(of.temperature, 4), "bias": round(of.bias, 4)} for name, of in measured.items()},
        "thresholds": {"suspect": alarm["triedThreshold"], "clear": 0} if alarm["earned"] else {"suspect": 1, "clear": 0},
        "measured": {
            "how": f"Each clip scored by heads that saw neither its repository nor any system of its vocoder family; clips of at least {MIN_SECONDS} s; intervals by drawing repositories.",
            "clips": {"real": int((label == 0).sum()), "synthetic": int((label == 1).sum()), "shorterLeftOut": int(len(clips.rows) - len(scored))},
            "channels": channels, "alarm": alarm, "families": families, "sources": sources,
        },
    }
    (work / "measured.json").write_text(json.dumps(numbers, indent=2) + "\n")
    for row in channels:
        print(row)
    print(numbers["calibrations"], alarm)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
