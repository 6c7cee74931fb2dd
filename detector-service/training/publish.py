"""Writes manifest.json and MODEL_CARD.md beside an exported model from the numbers that calibrate.py measured.

    python3 publish.py WORK measured.json ../models/image-generated --version 0.1.0
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

import torch

from dataset import Pictures

LIMITS = [
    "Barely better than chance on sources it has not seen; the intervals include chance. A score is a hint for a person, never a reason by itself.",
    "Faces: no measurable skill. Face swaps and local edits were not trained for.",
    "Small pictures, screenshots, drawings and documents are not scored.",
    "Strong recompression, resizing and messenger apps remove the traces that it looks for.",
    "The training pictures are few and of a few dozen sources; generators of 2025 and later are almost absent.",
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
    steps = [torch.load(path)["steps"] for path in sorted(options.work.glob("member-[0-9].pt"))]
    used = Counter((row.fake, row.source, row.generator, row.licence, row.fold is not None) for row in rows)
    data = [
        {"class": "generated" if fake else "real", "source": source, "what": what, "licence": licence, "pictures": count, "trainedOn": trained}
        for (fake, source, what, licence, trained), count in sorted(used.items())
    ]
    manifest = {
        "id": "image-generated",
        "version": options.version,
        "title": "Traces of image generators between neighbouring pixels",
        "kind": "image-crops",
        "file": "model.onnx",
        "sha256": hashlib.sha256((options.folder / "model.onnx").read_bytes()).hexdigest(),
        "input": {"name": "rgb", "side": 224, "isFixed": False, "mean": [0, 0, 0], "deviation": [1, 1, 1], "jpegQuality": 90},
        "output": {"logit": "logit", "map": {"name": "map", "margin": 2}},
        "crops": 9,
        "calibration": numbers["calibration"],
        "thresholds": numbers["thresholds"],
        "abstain": {"minSide": 128, "maxFlatShare": 0.6},
        "training": {"members": len(steps), "steps": steps, "data": data},
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
        f"{manifest['title']}. Fixed high-pass filters, then {manifest['training']['members']} small convolutional networks (63,000 parameters each) whose "
        "logit maps are averaged. The picture's logit is the mean of the map, so the heat map shows exactly what the score is made of.",
        "",
        "## Use",
        "",
        "A hint for a reviewer beside provenance and metadata. Facts always outrank it, and no version makes a verdict beyond `suspect`.",
        "",
        "## Measured",
        "",
        measured["how"],
        "",
        "| Picture as | AUC, pictures alike | AUC, sources alike | 95 % interval |",
        "|---|---|---|---|",
    ]
    names = {"m1": "native 224-pixel crop, JPEG", "m2": "short side 256, then crop, JPEG", "full": "whole picture, as in the service"}
    for view, auc in measured["auc"].items():
        lines.append(f"| {names[view]} | {auc['pictures']} | {auc['sourcesAlike']} | {auc['interval95'][0]} to {auc['interval95'][1]} |")
    lines += [
        "",
        f"At a probability of {alarm['triedThreshold']} it would flag {alarm['falseAlarms']:.1%} of real and {alarm['found']:.1%} of generated pictures. "
        + (
            "That earns an alarm: the threshold for `suspect` stands there."
            if alarm["earned"]
            else "That earns no alarm. The thresholds are 1 and 0: this version reports a score and a heat map and changes no verdict to `suspect`."
        ),
        "",
        "| Class | Source | What | Category | Pictures | Mean probability | Above that |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in measured["sources"]:
        lines.append(
            f"| {row['class']} | {row['source']} | {row['what']} | {row['category']} | {row['pictures']} | {row['meanProbability']:.2f} | {row['shareAboveTried']:.0%} |"
        )
    lines += ["", "## Limits", "", *[f"- {limit}" for limit in manifest["limits"]], "", "## Training data", ""]
    lines += [
        "Pictures were used to fit weights and are not part of the project. Sources under non-commercial licences were measured, never trained on. "
        f"Optimiser steps of the members: {', '.join(map(str, manifest['training']['steps']))}.",
        "",
        "| Class | Source | What | Licence | Pictures | Trained on |",
        "|---|---|---|---|---|---|",
    ]
    for row in manifest["training"]["data"]:
        lines.append(f"| {row['class']} | {row['source']} | {row['what']} | {row['licence']} | {row['pictures']} | {'yes' if row['trainedOn'] else 'no'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
