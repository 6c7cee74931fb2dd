"""Fits calibration and thresholds on leave-source-out scores and writes the numbers of the manifest.

Every source weighs the same within its class, so that the one large source decides nothing. Intervals come from drawing sources, not pictures. The calibration
error is measured on each fold with the calibration fitted on the others.

    python3 calibrate.py scores.csv measured.json
"""

import csv
import json
import sys
from collections import defaultdict

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from dataset import OUTSIDE

VIEWS = ("m1", "m2", "full")
MAX_FLAT = 0.6
"""Share of flat blocks above which the service abstains; written to the manifest."""
FALSE_ALARMS = 0.01
WORST_CLASS = 0.02
MISSED = 0.10
EARNED = 10.0
"""An alarm is allowed only where it flags this many times the share of generated pictures that it flags of real ones, and at most WORST_CLASS of each hard class."""
BINS = 10
HARD = {
    "phone and camera photos": ("cazyw-blog", "libvips-tests"),
    "retouched portraits": ("unsplash-hardfaces", "unsplash-men", "celebahq-afhq"),
    "press and phone faces": ("insightface-tests",),
    "shop photos": ("shoes",),
    "screenshots": ("keepassxc-docs",),
    "scans and identity documents": ("passporteye",),
    "drawings and paintings": ("web-real-art",),
}
"""Everyday real pictures that other detectors are known to flag, by source."""


def weights(rows) -> np.ndarray:
    """Every source of a class alike, or by its `share`; a class sums up to 1."""
    sizes, shares = defaultdict(int), defaultdict(dict)
    for row in rows:
        sizes[row["label"], row["source"]] += 1
        shares[row["label"]][row["source"]] = row.get("share", 1)
    return np.array([row.get("share", 1) / sizes[row["label"], row["source"]] / sum(shares[row["label"]].values()) for row in rows])


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


def probability(logit, calibration) -> np.ndarray:
    return 1 / (1 + np.exp(-(logit / calibration[0] + calibration[1])))


def calibration_error(rows) -> float:
    """Expected calibration error with ten bins of equal width, each fold by the calibration of the others."""
    scores, labels, weight = [], [], []
    for fold in sorted({row["fold"] for row in rows}):
        own, others = ([row for row in rows if (row["fold"] == fold) is same] for same in (True, False))
        logit, label = columns(own)
        scores.append(probability(logit, fit(others)))
        labels.append(label)
        weight.append(weights(rows)[[row["fold"] == fold for row in rows]])
    score, label, weight = map(np.concatenate, (scores, labels, weight))
    weight = weight / weight.sum()
    bins = np.minimum((score * BINS).astype(int), BINS - 1)
    return float(sum(abs((weight * (score - label))[bins == b].sum()) for b in range(BINS)))


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


def limit(real) -> float:
    """The logit above which FALSE_ALARMS of the real pictures lie, sources alike."""
    return weighted_quantile(columns(real)[0], weights(real), 1 - FALSE_ALARMS)


def alarms_elsewhere(real) -> float:
    """Share of real pictures above the limit that the other sources set: what a threshold chosen here does on pictures from elsewhere."""
    limits = {source: limit([row for row in real if row["source"] != source]) for source in {row["source"] for row in real}}
    above = np.array([float(row["logit"]) >= limits[row["source"]] for row in real])
    return float(weights(real)[above].sum())


def found(rows) -> float:
    """Share of the generated pictures above the logit that 5 % of the real ones exceed, sources alike."""
    logit, label = columns(rows)
    weight = weights(rows)
    edge = weighted_quantile(logit[label == 0], weight[label == 0], 0.95)
    return float(weight[(label == 1) & (logit > edge)].sum())


def ranked(rows) -> float:
    """AUC, sources alike."""
    logit, label = columns(rows)
    return float(roc_auc_score(label, logit, sample_weight=weights(rows)))


def within_folds(figure, rows) -> float:
    """Mean over the members of a figure of what each has not seen: its fold, and the sources that nobody was trained on, by a share that counts them once in all.

    Logits of different fits are on no common scale, so that a figure over all of them also counts how far the fits lie apart (Forman and Scholz, SIGKDD Explorations 12(1), 2010).
    """
    members = sorted({row["fold"] for row in rows} - {""})
    values = []
    for at, member in enumerate(members):
        common = [{**row, "logit": row["logits"].split()[at], "share": 1 / len(members)} for row in rows if row["fold"] == ""]
        values.append(figure([row for row in rows if row["fold"] == member] + common))
    return float(np.mean(values))


def separation(rows) -> dict:
    logit, label = columns(rows)
    photographs = [row for row in rows if row["category"] in ("scene", "face") and not row["source"].startswith("web-")]
    return {
        "pictures": round(float(roc_auc_score(label, logit)), 3),
        "sourcesAlike": round(ranked(rows), 3),
        "withinFolds": round(within_folds(ranked, rows), 3),
        "interval95": interval(rows),
        "photographs": round(ranked(photographs), 3),
        "foundAt5PercentFalseAlarms": round(found(rows), 3),
        "foundWithinFolds": round(within_folds(found, rows), 3),
        "calibrationError": round(calibration_error(rows), 3),
    }


def abstains(row) -> bool:
    return float(row["flat"]) > MAX_FLAT


def main() -> None:
    rows = list(csv.DictReader(open(sys.argv[1], newline="")))
    judged = [row for row in rows if row["category"] not in OUTSIDE and not abstains(row)]
    calibration = tuple(round(value, 4) for value in fit(judged))
    full = [row for row in judged if row["view"] == "full"]
    logit, label = columns(full)
    weight = weights(full)
    real = [row for row in full if row["label"] == "0"]
    suspect = round(float(probability(limit(real), calibration)) + 0.0005, 3)
    clear = min(suspect, probability(weighted_quantile(logit[label == 1], weight[label == 1], MISSED), calibration))
    false_alarms = alarms_elsewhere(real)
    flagged = float(weight[(label == 1) & (probability(logit, calibration) >= suspect)].sum())
    hard = []
    for name, sources in HARD.items():
        own = [row for row in rows if row["view"] == "full" and row["label"] == "0" and row["source"] in sources]
        scored = [row for row in own if not abstains(row)]
        above = sum(probability(float(row["logit"]), calibration) >= suspect for row in scored)
        hard.append({"class": name, "pictures": len(own), "abstained": len(own) - len(scored), "aboveTried": int(above)})
    worst = max(entry["aboveTried"] / max(1, entry["pictures"]) for entry in hard)
    earned = bool(flagged >= EARNED * false_alarms and worst <= WORST_CLASS)
    result = {
        "calibration": {"temperature": calibration[0], "bias": calibration[1]},
        "thresholds": {"suspect": suspect, "clear": round(float(clear), 3)} if earned else {"suspect": 1, "clear": 0},
        "measured": {
            "how": "Each source scored by models that never saw it; sources weigh alike; intervals by drawing sources.",
            "auc": {view: separation([row for row in judged if row["view"] == view]) for view in VIEWS},
            "alarm": {
                "earned": earned,
                "triedThreshold": suspect,
                "falseAlarms": round(false_alarms, 3),
                "found": round(flagged, 3),
                "worstHardClass": round(worst, 3),
            },
            "hardReal": hard,
            "sources": [],
        },
    }
    groups = defaultdict(list)
    for row in rows:
        if row["view"] == "full":
            groups[row["label"], row["source"], row["generator"], row["category"]].append(row)
    for (fake, source, generator, category), own in sorted(groups.items()):
        scores = probability(columns(own)[0], calibration)
        result["measured"]["sources"].append({
            "class": "generated" if fake == "1" else "real",
            "source": source,
            "what": generator,
            "category": category,
            "pictures": len(own),
            "abstained": sum(map(abstains, own)),
            "meanProbability": round(float(scores.mean()), 3),
            "shareAboveTried": round(float((scores >= suspect).mean()), 3),
        })
    json.dump(result, open(sys.argv[2], "w"), indent=1)
    print(json.dumps({key: result[key] for key in ("calibration", "thresholds")}, indent=1))
    for view, values in result["measured"]["auc"].items():
        print(view, json.dumps(values))
    print(result["measured"]["alarm"], *hard, sep="\n")


if __name__ == "__main__":
    main()
