"""Writes manifest.json and MODEL_CARD.md beside the exported face detector, from what `npm run bench -- faces` measured.

    python3 publish.py measured.json ../../models/faces --version 1.0.0
"""

import argparse
import hashlib
import json
from pathlib import Path

MIXED = {"celebahq-afhq"}
"""Portraits of people and of animals under one category: left out of both counts."""
NO_PEOPLE = {"shoes", "cats-dogs", "keepassxc-docs"}
"""Sources whose subject is no person. Some pictures hold one nevertheless, which the count of mistakes then contains."""

LIMITS = [
    "It finds faces and judges none: neither who it is nor whether it is genuine.",
    "Faces in profile, upside down, half covered, in the dark or of less than 8 % of the picture's longer side are often missed.",
    "Faces of animals, drawn and sculpted faces, and now and then patterns are taken for faces.",
    "MediaPipe describes the weights as made for faces up to five metres from a camera. No figures by age, sex or skin tone were measured here.",
    "There are no boxes to compare with in the measured pictures: figures count pictures with and without any box.",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    measured = json.loads(options.measured.read_text())
    model = options.folder / "model.onnx"
    manifest = {
        "id": "faces",
        "version": options.version,
        "title": "Where faces are in a picture",
        "kind": "image-faces",
        "file": model.name,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "input": {"name": "rgb", "mean": [0.5, 0.5, 0.5], "deviation": [0.5, 0.5, 0.5], "side": 192},
        "output": {"boxes": "boxes", "scores": "scores", "cells": 48},
        "minScore": 0.6,
        "mergeOverlap": 0.3,
        "training": {
            "weights": "face_detection_full_range.tflite of the npm package @mediapipe/face_detection 0.4.1657300184, Apache-2.0, Google",
            "here": "none; the weights were converted and stored in 8 bits",
        },
        "measured": measured,
        "limits": LIMITS,
    }
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (options.folder / "MODEL_CARD.md").write_text(card(manifest, model.stat().st_size))


def card(manifest: dict, size: int) -> str:
    measured = manifest["measured"]
    portraits = [row for row in measured["sources"] if row["category"] == "face" and row["source"] not in MIXED]
    others = [row for row in measured["sources"] if row["source"] in NO_PEOPLE]

    def total(rows: list[dict], figure: str) -> int:
        return sum(row[figure] for row in rows)

    def table(rows: list[dict]) -> list[str]:
        return [
            "| Category | Source | Pictures | With a box | With a box of 15 % of the longer side or more | Boxes |",
            "|---|---|---|---|---|---|",
            *[f"| {row['category']} | {row['source']} | {row['pictures']} | {row['withFace']} | {row['withLargeFace']} | {row['boxes']} |" for row in rows],
        ]

    cpu = measured["cpuMs"]
    lines = [
        f"# {manifest['id']} {manifest['version']}",
        "",
        f"{manifest['title']}: the full-range BlazeFace detector of Google's MediaPipe, converted to ONNX, weights stored in 8 bits, {size / 1e6:.2f} MB. A picture is looked at twice, fitted into a square of 192 pixels and into half "
        "of it, so that large faces are found too. Boxes reach from the brows to the chin.",
        "",
        "## Use",
        "",
        "Faces in frames of video are found by it, so that the picture models are shown the face besides the whole frame. It makes no finding of its own about a person and no score. "
        "A model of yours in the same form takes its place under the same id.",
        "",
        "## Weights and licence",
        "",
        "`face_detection_full_range.tflite` of the npm package `@mediapipe/face_detection` 0.4.1657300184, Apache-2.0, copyright The MediaPipe Authors. `training/faces/export.py` pins its SHA-256. "
        "Method: Bazarevsky et al., BlazeFace, 2019. Google has not published the training pictures.",
        "",
        "## Measured",
        "",
        f"`npm run bench -- faces <folder>` over the development pictures. Confidence from which a box counts: {manifest['minScore']}, a round value chosen in sight of these figures. On one core {cpu['median']} ms of CPU a picture in the median, "
        f"{cpu['within95']} ms at most in 95 of 100, without decoding.",
        "",
        f"Portraits: a box in {total(portraits, 'withFace')} of {total(portraits, 'pictures')}. Some of them show a person from behind, or no person (face masks, a landscape), which counts as missed.",
        "",
        *table(portraits),
        "",
        f"Pictures of things, animals and screens: a box in {total(others, 'withFace')} of {total(others, 'pictures')}, large in {total(others, 'withLargeFace')}; mostly faces of animals and printed ones.",
        "",
        *table(others),
        "",
        "Drawn faces of nobody in a picture of 1280 x 720, at 15 places each:",
        "",
        "| Side of the face, of the picture's width | Found |",
        "|---|---|",
        *[f"| {row['share']:.0%} | {row['found']} of {row['pictures']} |" for row in measured["drawn"]],
        "",
        "All other sources, in which some pictures hold people and which therefore show neither:",
        "",
        *table([row for row in measured["sources"] if row not in portraits and row not in others]),
        "",
        "## Limits",
        "",
        *[f"- {limit}" for limit in manifest["limits"]],
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
