"""Exports the edit network as ONNX and writes manifest.json and MODEL_CARD.md beside it from the numbers that calibrate_edits.py measured.

    python3 publish_edits.py WORK edit-measured.json ../models/image-edited --version 0.2.0 --fold 2
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

import torch

from calibrate_edits import LEAST_AUC, MAX_FLAT, MIN_SIDE, MOST_FALSE_ALARMS
from dataset import OUTSIDE, Pictures, capped
from edit_network import EditNet
from make_edits import SHARES, SIDE
from score_edits import SIDE as LONGEST

LIMITS = [
    "Trained and measured on edits that a program made, at places a program chose. Careful work by hand leaves fewer traces.",
    "Retouched areas (re-saved, denoised, sharpened) and softly blended faces are mostly missed; a real face swap was never measured.",
    "Larger pictures are judged at 640 pixels, where fine traces are gone; strong recompression removes them too.",
    "A caption, logo, frame or collage is a splice in fact and may be reported as one.",
    "Screenshots, drawings, most documents and pictures under 128 pixels a side are not scored.",
]


def export(net: EditNet, path: Path) -> None:
    torch.onnx.export(
        net, torch.rand(1, 3, 224, 320), str(path), opset_version=13, dynamo=False, input_names=["rgb"], output_names=["logit", "map"],
        dynamic_axes={"rgb": {0: "n", 2: "h", 3: "w"}, "logit": {0: "n"}, "map": {0: "n", 1: "h8", 2: "w8"}},
    )


def training_data(work: Path, fold: int) -> list[dict]:
    rows = Pictures(work).rows
    rows = [row for row in (rows[i] for i in capped(rows)) if not row.fake or row.fold not in (None, fold)]
    used = Counter((row.fake, row.source, row.generator, row.licence, row.fold not in (None, fold) and row.category not in OUTSIDE) for row in rows)
    return [
        {"class": "generated, as donors" if fake else "real", "source": source, "what": what, "licence": licence, "pictures": count, "trainedOn": trained}
        for (fake, source, what, licence, trained), count in sorted(used.items())
    ]


def share(value: float) -> str:
    return f"{value:.1%}"


def card(manifest: dict) -> str:
    measured, alarm = manifest["measured"], manifest["measured"]["alarm"]
    lines = [
        f"# {manifest['id']} {manifest['version']}", "",
        f"{manifest['title']}. Fixed high-pass filters, a small convolutional network ({manifest['training']['parameters']:,} parameters) and a comparison of each cell of 8 x 8 pixels with the rest "
        "of the same picture. The picture's logit is pooled from the map alone, so the map shows what the score is made of.", "",
        "## Use", "",
        "A hint for a reviewer: where to look. Beside it stands the search for copied regions, which needs no training and has its own finding (`image.copy_move`). No version makes a verdict beyond `suspect`.", "",
        "## Measured", "", measured["how"], "",
        "| Edit | JPEG | Pictures | AUC | Found at the threshold | IoU | F1 | AUC of cells | AUC with copy-move search |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in measured["edits"]:
        search = row.get("withCopyMoveSearch")
        lines.append(
            f"| {row['kind']} | {row['jpeg']} | {row['pictures']} | {row['auc']:.3f} | {share(row['foundAtThreshold'])} | {row['iou']:.2f} | {row['f1']:.2f} | {row['cellsAuc']:.2f} | "
            + (f"{search['auc']:.3f}" if search else "–") + " |"
        )
    lines += ["", "IoU and F1 are means over all edited pictures, of cells with a map logit above 0, also over pictures in which nothing was found.", ""]
    for row in measured["edits"]:
        if search := row.get("withCopyMoveSearch"):
            lines += [f"The copy-move search alone, JPEG {row['jpeg']}: finds {share(search['searchFinds'])} of the copies, {share(search['searchFalseAlarms'])} false alarms ({search['pictures']} pictures).", ""]
    lines += [
        f"At a probability of {alarm['triedThreshold']} it finds {share(alarm['found'])} of splices, copies and filled holes with {share(alarm['falseAlarms'])} false alarms on real pictures, each "
        "source judged by a threshold from the others. "
        + ("That earns an alarm." if alarm["earned"] else f"An alarm takes an AUC of {LEAST_AUC} on splices at JPEG 80 and at most {share(MOST_FALSE_ALARMS)} false alarms. This version has not earned one: its thresholds are 1 and 0, a score and a map are shown and no verdict changes."), "",
        "Real pictures, none of them trained on:", "",
        "| Source | Category | Scored | Mean probability | False alarms | of the copy-move search |", "|---|---|---|---|---|---|",
    ]
    for row in measured["real"]:
        search = "–" if row["copyMoveFalseAlarms"] is None else share(row["copyMoveFalseAlarms"])
        lines.append(f"| {row['source']} | {row['category']} | {row['pictures']} | {row['meanProbability']:.2f} | {share(row['falseAlarms'])} | {search} |")
    lines += ["", "Not scored, mostly because they are flat: " + ", ".join(f"{category} {a} of {b}" for category, (a, b) in measured["abstained"].items()) + ".", ""]
    lines += ["## Limits", "", *[f"- {limit}" for limit in manifest["limits"]], "", "## Training data", ""]
    lines += [
        f"{manifest['training']['pairs']} pairs of an edited crop and its untouched twin, {manifest['training']['steps']} optimiser steps. The pictures are not part of the project. "
        "Sources under non-commercial licences, documents and screenshots were measured, never trained on.", "",
        "| Class | Source | What | Licence | Pictures | Trained on |", "|---|---|---|---|---|---|",
    ]
    for row in manifest["training"]["data"]:
        lines.append(f"| {row['class']} | {row['source']} | {row['what']} | {row['licence']} | {row['pictures']} | {'yes' if row['trainedOn'] else 'no'} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("measured", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--fold", type=int, required=True)
    options = parser.parse_args()
    state = torch.load(options.work / "edit-net.pt")
    net = EditNet()
    net.load_state_dict(state["weights"])
    net.eval()
    options.folder.mkdir(parents=True, exist_ok=True)
    export(net, options.folder / "model.onnx")
    numbers = json.loads(options.measured.read_text())
    manifest = {
        "id": "image-edited",
        "version": options.version,
        "title": "Places that differ from the rest of the picture as edits do",
        "kind": "image-regions",
        "file": "model.onnx",
        "sha256": hashlib.sha256((options.folder / "model.onnx").read_bytes()).hexdigest(),
        "input": {"name": "rgb", "longestSide": LONGEST, "multiple": 8, "mean": [0, 0, 0], "deviation": [1, 1, 1], "jpegQuality": 90},
        "output": {"logit": "logit", "map": {"name": "map", "margin": 0}},
        "calibration": numbers["calibration"],
        "thresholds": numbers["thresholds"],
        "abstain": {"minSide": MIN_SIDE, "maxFlatShare": MAX_FLAT},
        "training": {
            "parameters": sum(p.numel() for p in net.parameters()),
            "steps": state["steps"], "pairs": int((options.work / "edits.done").read_text()), "cropSide": SIDE, "shares": SHARES,
            "data": training_data(options.work, options.fold),
        },
        "measured": numbers["measured"],
        "limits": LIMITS,
    }
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (options.folder / "MODEL_CARD.md").write_text(card(manifest))


if __name__ == "__main__":
    main()
