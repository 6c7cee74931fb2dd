"""Fits calibration and thresholds on leave-source-out scores and writes the numbers of the manifest.

Every source weighs the same within its class, so that the one large source decides nothing. Intervals come from drawing sources, not pictures.

    python3 calibrate.py scores.csv measured.json
"""

import csv
import json
import sys
from collections import defaultdict

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

OUTSIDE = ("document", "screenshot")
"""Categories that the model abstains from; they are reported, not calibrated on."""
FALSE_ALARMS = 0.01
MISSED = 0.10
EARNED = 3.0
"""An alarm is allowed only where it flags this many times the share of generated pictures that it flags of real ones."""


def weights(rows) -> np.ndarray:
    sizes = defaultdict(int)
    for row in rows:
        sizes[row["label"], row["source"]] += 1
    sources = defaultdict(set)
    for row in rows:
        sources[row["label"]].add(row["source"])
    return np.array([1 / sizes[row["label"], row["source"]] / len(sources[row["label"]]) for row in rows])


def columns(rows):
    return np.array([float(row["logit"]) for row in rows]), np.array([int(row["label"]) for row in rows])


def fit(rows) -> tuple[float, float]:
    """Temperature and bias that minimise the weighted log loss, both classes equally likely."""
    logit, label = columns(rows)
    weight = weights(rows)

    def loss(parameters):
        score = logit * np.exp(-parameters[0]) + parameters[1]
        return float((weight * np.logaddexp(0, np.where(label == 1, -score, score))).sum())

    best = minimize(loss, [0.0, 0.0], method="Nelder-Mead").x
    return float(np.exp(best[0])), float(best[1])


def interval(rows, rounds: int = 400) -> list[float]:
    by_source = defaultdict(list)
    for row in rows:
        by_source[row["label"], row["source"]].append(row)
    rng, values = np.random.default_rng(0), []
    real, fake = ([k for k in by_source if k[0] == label] for label in ("0", "1"))
    for _ in range(rounds):
        drawn = [by_source[group[i]] for group in (real, fake) for i in rng.integers(len(group), size=len(group))]
        logit, label = columns(sum(drawn, []))
        values.append(roc_auc_score(label, logit))
    return [round(float(v), 3) for v in np.percentile(values, [2.5, 97.5])]


def weighted_quantile(values, weight, share) -> float:
    order = np.argsort(values)
    return float(np.interp(share, np.cumsum(weight[order]) / weight.sum(), values[order]))


def main() -> None:
    rows = list(csv.DictReader(open(sys.argv[1], newline="")))
    judged = [row for row in rows if row["category"] not in OUTSIDE]
    full = [row for row in judged if row["view"] == "full"]
    temperature, bias = fit(full)
    probability = lambda logit: 1 / (1 + np.exp(-(logit / temperature + bias)))
    logit, label = columns(full)
    weight = weights(full)
    suspect = probability(weighted_quantile(logit[label == 0], weight[label == 0], 1 - FALSE_ALARMS))
    clear = min(suspect, probability(weighted_quantile(logit[label == 1], weight[label == 1], MISSED)))

    flagged = probability(logit) >= suspect
    false_alarms, found = (float(weight[(label == fake) & flagged].sum()) for fake in (0, 1))
    earned = found >= EARNED * false_alarms
    result = {
        "calibration": {"temperature": round(temperature, 4), "bias": round(bias, 4)},
        "thresholds": {"suspect": round(float(suspect), 3), "clear": round(float(clear), 3)} if earned else {"suspect": 1, "clear": 0},
        "measured": {
            "how": "Each source scored by members that never saw it; sources weigh alike; intervals by drawing sources.",
            "auc": {},
            "alarm": {
                "earned": earned,
                "triedThreshold": round(float(suspect), 3),
                "falseAlarms": round(false_alarms, 3),
                "found": round(found, 3),
            },
            "sources": [],
        },
    }
    for view in ("m1", "m2", "full"):
        part = [row for row in judged if row["view"] == view]
        if part:
            values, truth = columns(part)
            result["measured"]["auc"][view] = {
                "pictures": round(float(roc_auc_score(truth, values)), 3),
                "sourcesAlike": round(float(roc_auc_score(truth, values, sample_weight=weights(part))), 3),
                "interval95": interval(part),
            }
    groups = defaultdict(list)
    for row in rows:
        if row["view"] == "full":
            groups[row["label"], row["source"], row["generator"], row["category"]].append(float(row["logit"]))
    for (fake, source, generator, category), values in sorted(groups.items()):
        scores = probability(np.array(values))
        result["measured"]["sources"].append({
            "class": "generated" if fake == "1" else "real",
            "source": source,
            "what": generator,
            "category": category,
            "pictures": len(values),
            "meanProbability": round(float(scores.mean()), 3),
            "shareAboveTried": round(float((scores >= suspect).mean()), 3),
        })
    json.dump(result, open(sys.argv[2], "w"), indent=1)
    print(json.dumps({key: result[key] for key in ("calibration", "thresholds")}, indent=1))
    print(json.dumps(result["measured"]["auc"]), result["measured"]["alarm"])


if __name__ == "__main__":
    main()
