"""Writes manifest.json and MODEL_CARD.md beside an exported model from the numbers that calibrate.py measured.

    python3 publish.py WORK measured.json ../models/image-generated --version 0.6.0
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

from calibrate import EARNED, MAX_FLAT, WORST_CLASS
from dataset import CROP, OUTSIDE, Pictures, capped

CROPS, SHRUNK = 1, {"shortSide": 256, "crops": 4}

LIMITS = [
    "Weak on sources it has not seen: better than chance, far from proof. A score is a hint for a person, never a reason by itself.",
    "Generators that imitate photographs well are its weakest class, and retouched or studio pictures look generated to it. Face swaps and local edits were not trained for.",
    "Drawings and computer graphics look generated to it more often than photographs do, among them pictures inside documents.",
    "Small and mostly flat pictures are not scored. That stops most screenshots but few scans and photographed documents, on which the score means nothing.",
    "Strong recompression, resizing and messenger apps remove the traces that it looks for.",
    "The training pictures are few and of a few dozen sources; generators of 2025 and later are almost absent.",
    "Networks and heads were chosen on the same leave-source-out figures that are reported, so these flatter a little, and other seeds of tuning move them by up to 0.01.",
    "The MobileNet's own training pictures are not published: an overlap with the measured sources cannot be excluded, and what it knows about drawings may colour the score.",
    "Errors are measured on development pictures by leaving whole repositories out. Other collections will give other numbers: evaluate it on your own.",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("measured", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    numbers = json.loads(options.measured.read_text())
    rows = Pictures(options.work).rows
    rows = [rows[i] for i in capped(rows) if rows[i].category in OUTSIDE or min(rows[i].height, rows[i].width) >= CROP]
    used = Counter((row.fake, row.source, row.generator, row.licence, row.fold is not None and row.category not in OUTSIDE) for row in rows)
    data = [
        {"class": "generated" if fake else "real", "source": source, "what": what, "licence": licence, "pictures": count, "trainedOn": trained}
        for (fake, source, what, licence, trained), count in sorted(used.items())
    ]
    manifest = {
        "id": "image-generated",
        "version": options.version,
        "title": "General picture features that tell generated pictures from photographs",
        "kind": "image-crops",
        "file": "model.onnx",
        "sha256": hashlib.sha256((options.folder / "model.onnx").read_bytes()).hexdigest(),
        "input": {"name": "rgb", "side": 224, "isFixed": False, "mean": [0, 0, 0], "deviation": [1, 1, 1], "jpegQuality": 90},
        "output": {"logit": "logit", "map": {"name": "map", "margin": 0}},
        "crops": CROPS,
        "shrunk": SHRUNK,
        "calibration": numbers["calibration"],
        "thresholds": numbers["thresholds"],
        "abstain": {"minSide": 128, "maxFlatShare": MAX_FLAT},
        "training": {"data": data},
        "measured": numbers["measured"],
        "limits": LIMITS,
    }
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (options.folder / "MODEL_CARD.md").write_text(card(manifest))


def card(manifest: dict) -> str:
    measured = manifest["measured"]
    alarm = measured["alarm"]
    lines = [
        f"# {manifest['id']} {manifest['version']}",
        "",
        f"{manifest['title']}: a MobileNetV2 of width 1.4, tuned on the pictures below (the mean of six runs), and the first third of an Inception v3 as it came, with one linear head on mean, standard deviation and skewness of their maps. "
        "The share of the means falls apart into cells of 16 pixels and is shown as heat map; what the others add belongs to no place and is laid evenly over it. The shipped model is fitted on all sources "
        "that allow it; the errors are those of models fitted in the same way without the source in question.",
        "",
        "## Use",
        "",
        "A hint for a reviewer beside provenance and metadata. Facts always outrank it, and no version makes a verdict beyond `suspect`.",
        "",
        "## Measured",
        "",
        measured["how"],
        "",
        "| Picture as | AUC within folds | Found at 5 % false alarms within folds | AUC over all | 95 % interval, pictures alike | Photographs alone | Found at 5 % false alarms over all | Calibration error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    names = {"m1": "native 224-pixel crop, JPEG", "m2": "short side 256, then crop, JPEG", "full": "both added, as in the service"}
    for view, auc in measured["auc"].items():
        lines.append(
            f"| {names[view]} | {auc['withinFolds']} | {auc['foundWithinFolds']:.0%} | {auc['sourcesAlike']} | {auc['interval95'][0]} to {auc['interval95'][1]} | {auc['photographs']} "
            f"| {auc['foundAt5PercentFalseAlarms']:.0%} | {auc['calibrationError']} |"
        )
    lines += [
        "",
        "Within folds: what each model says of the sources that it has not seen, then the mean, which is what one model does. Over all: the logits of different models thrown together, which also counts how far these lie apart.",
    ]
    lines += [
        "",
        f"At a probability of {alarm['triedThreshold']} it would flag {alarm['falseAlarms']:.1%} of real pictures, each source judged by a threshold from the others, and {alarm['found']:.1%} of generated ones. "
        + (
            "That earns an alarm: the threshold for `suspect` stands there."
            if alarm["earned"]
            else f"That earns no alarm, which takes {EARNED:.0f} times as many generated as real ones and at most {WORST_CLASS:.0%} of each class below. The thresholds are 1 and 0: this version reports a score and a heat map and changes no verdict to `suspect`."
        ),
        "",
        "Everyday real pictures that detectors are known to flag:",
        "",
        "| Class | Pictures | Abstained | Above that |",
        "|---|---|---|---|",
        *[f"| {row['class']} | {row['pictures']} | {row['abstained']} | {row['aboveTried']} |" for row in measured["hardReal"]],
        "",
        "By source, whole pictures:",
        "",
        "| Class | Source | What | Category | Pictures | Abstained | Mean probability | Above that |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in measured["sources"]:
        lines.append(
            f"| {row['class']} | {row['source']} | {row['what']} | {row['category']} | {row['pictures']} | {row['abstained']} | {row['meanProbability']:.2f} | {row['shareAboveTried']:.0%} |"
        )
    lines += ["", "## Limits", "", *[f"- {limit}" for limit in manifest["limits"]], "", "## Training data", ""]
    lines += [
        "Pictures were used to fit weights and are not part of the project. Sources under non-commercial licences were measured, never trained on. "
        "The networks below the head come from `mobilenet_v2_mid` and part of `inception_v3` of the npm package nsfwjs 4.4.0 (MIT, copyright 2019 Infinite Red, Inc.). At most 120 pictures of a source took part, none with a side under 224 pixels.",
        "",
        "| Class | Source | What | Licence | Pictures | Trained on |",
        "|---|---|---|---|---|---|",
    ]
    for row in manifest["training"]["data"]:
        lines.append(f"| {row['class']} | {row['source']} | {row['what']} | {row['licence']} | {row['pictures']} | {'yes' if row['trainedOn'] else 'no'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
