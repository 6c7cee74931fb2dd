"""Fits calibration and thresholds of the edit model on sources that it never saw, and measures it alone and together with the copy-move search.

    python3 calibrate_edits.py TESTS edit-scores.csv copy-move.csv edit-measured.json

The threshold of each source is taken from the other sources, so that the false alarms reported are those of pictures from elsewhere. Pictures that the service would not score
(mostly flat, as documents and screenshots) are left out, and how many that were is reported.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from calibrate import fit, weighted_quantile, weights
from dataset import OUTSIDE
from score_edits import prepared

FALSE_ALARMS, MISSED = 0.01, 0.10
LEAST_AUC, MOST_FALSE_ALARMS = 0.85, 0.02
"""An alarm is earned by this AUC on splices at JPEG 80 and no more false alarms than this on sources whose threshold came from elsewhere."""
MAX_FLAT, MIN_SIDE = 0.15, 128
COPY_MOVE_ALARM = 0.92
FLAT_DEVIATION = 0.7


def flat_share(array: np.ndarray) -> float:
    """As the service counts it (src/detectors/crops.ts)."""
    luma = array @ np.array([0.299, 0.587, 0.114])
    rows, columns = luma.shape[0] // 8, luma.shape[1] // 8
    blocks = luma[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8)
    return float((blocks.std((1, 3)) < FLAT_DEVIATION).mean())


def is_scored(path: Path) -> bool:
    array = prepared(path)
    return min(array.shape[:2]) >= MIN_SIDE and flat_share(array) <= MAX_FLAT


def rounded(value: float) -> float:
    return round(float(value), 3)


def main() -> None:
    tests, scores, copies, out = map(Path, sys.argv[1:5])
    found = {row["file"]: float(row["score"]) for row in csv.DictReader(open(copies, newline=""))}
    rows = [row for row in csv.DictReader(open(scores, newline="")) if row["logit"]]
    whole = Counter(row["category"] for row in rows if row["kind"] == "none")
    rows = [row for row in rows if is_scored(tests / row["file"])]
    for row in rows:
        row["logit"], row["copied"] = float(row["logit"]), found.get(row["file"])
    hard = [row for row in rows if row["category"] in OUTSIDE]
    judged = [row for row in rows if row["category"] not in OUTSIDE]
    real = [row for row in judged if row["kind"] == "none"]
    edits = [row for row in judged if row["kind"] in ("splice", "copy_move", "inpaint")]
    temperature, bias = fit(real + edits)
    probability = lambda logit: 1 / (1 + np.exp(-(np.asarray(logit) / temperature + bias)))

    def threshold(group) -> float:
        return weighted_quantile(np.array([row["logit"] for row in group]), weights(group), 1 - FALSE_ALARMS)

    limit = threshold(real)
    elsewhere = {source: threshold([row for row in real if row["source"] != source]) for source in {row["source"] for row in real}}
    alarms = np.array([row["logit"] >= elsewhere[row["source"]] for row in real])
    found_share = float(np.mean([row["logit"] >= limit for row in edits]))
    bar = [row for row in judged if row["quality"] == "80" and row["kind"] in ("none", "splice")]
    auc = roc_auc_score([row["kind"] == "splice" for row in bar], [row["logit"] for row in bar])
    earned = bool(auc >= LEAST_AUC and alarms.mean() <= MOST_FALSE_ALARMS)
    suspect = float(probability(limit))
    clear = min(suspect, float(probability(np.quantile([row["logit"] for row in edits], MISSED))))

    def together(row) -> float:
        copied = row["copied"] or 0.0
        return max(float(probability(row["logit"])), copied if copied >= COPY_MOVE_ALARM else 0.0)

    kinds = []
    for quality in sorted({row["quality"] for row in judged}, key=int):
        genuine = [row for row in real if row["quality"] == quality]
        for kind in sorted({row["kind"] for row in judged} - {"none"}):
            part = [row for row in judged if row["kind"] == kind and row["quality"] == quality]
            truth = [0] * len(genuine) + [1] * len(part)
            entry = {
                "kind": kind, "jpeg": int(quality), "pictures": len(part),
                "auc": rounded(roc_auc_score(truth, [row["logit"] for row in genuine + part])),
                "foundAtThreshold": rounded(np.mean([row["logit"] >= limit for row in part])),
                **{name: rounded(np.mean([float(row[column]) for row in part if row[column]])) for name, column in (("iou", "iou"), ("f1", "f1"), ("cellsAuc", "cells_auc"))},
            }
            searched = [row for row in genuine + part if row["copied"] is not None]
            if kind == "copy_move" and {row["kind"] for row in searched} == {"none", "copy_move"}:
                labels = [int(row["kind"] == kind) for row in searched]
                entry["withCopyMoveSearch"] = {
                    "pictures": len(searched),
                    "auc": rounded(roc_auc_score(labels, [together(row) for row in searched])),
                    "searchFinds": rounded(np.mean([row["copied"] >= COPY_MOVE_ALARM for row in searched if row["kind"] == kind])),
                    "searchFalseAlarms": rounded(np.mean([row["copied"] >= COPY_MOVE_ALARM for row in searched if row["kind"] == "none"])),
                }
            kinds.append(entry)
    by_source = defaultdict(list)
    for row in [*real, *(row for row in hard if row["kind"] == "none")]:
        by_source[row["source"], row["category"]].append(row)
    result = {
        "calibration": {"temperature": round(temperature, 4), "bias": round(bias, 4)},
        "thresholds": {"suspect": rounded(suspect), "clear": rounded(clear)} if earned else {"suspect": 1, "clear": 0},
        "measured": {
            "how": "Whole pictures of sources that no training saw, edited by the makers of training/edits.py, then saved as JPEG; every picture's untouched twin is a negative.",
            "alarm": {
                "earned": earned, "triedThreshold": rounded(suspect), "falseAlarms": rounded(alarms.mean()), "found": rounded(found_share),
            },
            "edits": kinds,
            "real": [
                {
                    "source": source, "category": category, "pictures": len(part),
                    "meanProbability": rounded(np.mean(probability([row["logit"] for row in part]))),
                    "falseAlarms": rounded(np.mean([row["logit"] >= elsewhere.get(source, limit) for row in part])),
                    "copyMoveFalseAlarms": rounded(np.mean([row["copied"] >= COPY_MOVE_ALARM for row in part if row["copied"] is not None])) if any(row["copied"] is not None for row in part) else None,
                }
                for (source, category), part in sorted(by_source.items())
            ],
            "abstained": {category: [count - sum(row["kind"] == "none" and row["category"] == category for row in rows), count] for category, count in sorted(whole.items())},
        },
    }
    json.dump(result, open(out, "w"), indent=1)
    print(json.dumps({key: result[key] for key in ("calibration", "thresholds")}), result["measured"]["alarm"])
    for entry in kinds:
        print(entry)


if __name__ == "__main__":
    main()
