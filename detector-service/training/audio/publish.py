"""Fits the shipped head on all clips, or one without a fold, exports it as ONNX, and writes manifest.json and MODEL_CARD.md beside it from what calibrate.py measured.

    python3 publish.py DATA WORK ../../models/speech-synthetic --version 0.1.0
    python3 publish.py DATA WORK WORK/without-2 --version 0.1.0 --leave-out 2      # a head that fold 2 can be evaluated with, by the service itself
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import features
from calibrate import MIN_SECONDS
from clips import CHANNELS, RATE, SECONDS
from head import OUTSIDE, Head
from protocol import Clips

WINDOWS = 12
MAX_CLIPPED, MIN_BAND = 0.01, 3300
MIN_QUIET, MAX_STRANGENESS = 0.25, 0.08
LIMITS = [
    "Weak on systems and sources that it has not seen: better than chance, far from proof. A score is a hint for a person, never a reason by itself.",
    "Trained and measured on systems that are mostly of 2017 to 2021. Cloned voices of later systems are absent; expect less on them, as on VITS, the newest here.",
    "It listens to 300 to 3400 Hz alone, so that telephone lines take nothing away; what synthesis leaves above that is not used.",
    "Real speech by actors, singers, in reverberant rooms or through strong noise reduction was hardly trained on and may look synthetic.",
    "Settings were chosen on the same figures that are reported, so these flatter a little.",
    "Music is told from speech by how seldom it falls quiet and by how strange it is; about four of five pieces are left alone. Music behind speech was not measured.",
    "Old formant synthesis that sounds like a robot is mostly not scored, and voices glued together from recordings look real.",
    "Whether a recording was edited, and whose voice it is, is not judged. A sound with synthetic and real parts gets the mean of its windows.",
    "Errors are measured on development clips by leaving repositories out. Other collections will give other numbers: evaluate it on your own.",
]


def export(head: Head, path: Path) -> None:
    """Figures in; logit and strangeness out, one a row."""
    lower, upper = head.knots[:-1].T, head.knots[1:].T
    width = upper - lower
    slopes = np.divide(np.diff(head.values)[None], width, out=np.zeros_like(width), where=width > 0) * head.weights[:, None]
    offset = head.values[0] * head.weights.sum() + head.intercept
    constants = {
        "lower": lower, "upper": upper, "slopes": slopes, "offset": np.array(offset),
        "least": head.bounds[0], "most": head.bounds[1],
    }
    initialisers = [numpy_helper.from_array(values.astype(np.float32), name) for name, values in constants.items()]
    initialisers += [numpy_helper.from_array(np.array(axes, np.int64), name) for name, axes in (("last", [2]), ("all", [1, 2]))]
    nodes = [
        helper.make_node("Unsqueeze", ["figures", "last"], ["column"]),
        helper.make_node("Max", ["column", "lower"], ["above"]),
        helper.make_node("Min", ["above", "upper"], ["within"]),
        helper.make_node("Sub", ["within", "lower"], ["climbed"]),
        helper.make_node("Mul", ["climbed", "slopes"], ["share"]),
        helper.make_node("ReduceSum", ["share", "all"], ["sum"], keepdims=0),
        helper.make_node("Add", ["sum", "offset"], ["logit"]),
        helper.make_node("Less", ["figures", "least"], ["isLow"]),
        helper.make_node("Greater", ["figures", "most"], ["isHigh"]),
        helper.make_node("Or", ["isLow", "isHigh"], ["isStrange"]),
        helper.make_node("Cast", ["isStrange"], ["strange"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["strange"], ["strangeness"], axes=[1], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes, "speech-synthetic",
        [helper.make_tensor_value_info("figures", TensorProto.FLOAT, ["n", len(head.weights)])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in ("logit", "strangeness")],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def training_data(clips: Clips, leave_out: int | None) -> list[dict]:
    used = Counter(
        (row["label"] == "fake", row["source_repo"], row["vocoder_family"], " ".join(row["license"].split()), bool(fold != leave_out))
        for row, fold in zip(clips.rows, clips.fold)
    )
    return [
        {"class": "synthetic" if fake else "real", "source": source, "what": "recordings" if family == "-" else family, "licence": licence, "clips": count, "trainedOn": trained}
        for (fake, source, family, licence, trained), count in sorted(used.items())
    ]


def table(head: list[str], rows: list[list]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows), ""]


def card(manifest: dict) -> str:
    measured, alarm = manifest["measured"], manifest["measured"]["alarm"]
    lines = [
        f"# {manifest['id']} {manifest['version']}", "",
        f"{manifest['title']}. {len(measured['figures'])} groups of figures ({sum(measured['figures'].values())} in all) of windows of {SECONDS} seconds, each placed among the training's by its quantile, and logistic regression.", "",
        "## Use", "",
        "A hint for a reviewer beside provenance and container facts. Facts always outrank it, and no version makes a verdict beyond `suspect`.", "",
        "## Measured", "",
        f"{measured['how']} {measured['clips']['real']} real and {measured['clips']['synthetic']} synthetic clips; {measured['clips']['shorterLeftOut']} shorter ones are left out. "
        "\"Same source\" is the AUC among clips of one repository, where studio, codec and language give nothing away. \"Families known\" leaves out repositories only. The shipped head is fitted on all of them afterwards.", "",
        *table(
            ["Channel", "EER", "AUC", "95 % interval", "Same source", "EER, families known", "AUC, families known", "Calibration error"],
            [[r["channel"], f"{r['eer']:.1%}", r["auc"], f"{r['interval'][0]} to {r['interval'][1]}", r["sameSource"], f"{r['eerFamiliesKnown']:.1%}", r["aucFamiliesKnown"], r["calibrationError"]] for r in measured["channels"]],
        ),
        "The bar for a score at all: EER below 35 %, same source above 0.7, also through MP3 and telephone. It is cleared.", "",
        f"At a probability of {alarm['triedThreshold']} it would flag {alarm['falseAlarms']:.1%} of real and {alarm['found']:.1%} of synthetic clips, each source judged by a threshold from the others; "
        f"of the worst real source {alarm['worstRealSource']:.0%}. "
        + ("That earns an alarm." if alarm["earned"] else "That earns no alarm. The thresholds are 1 and 0: this version reports a score and changes no verdict."), "",
        "AUC by vocoder family:", "",
        *table(["Family", "Clips", *CHANNELS], [[r["family"], r["clips"], *(f"{r['auc'][c]:.2f}" for c in CHANNELS)] for r in measured["families"]]),
        "Mean probability by source, hard cases first (real with the highest, synthetic with the lowest share above one half):", "",
        *table(
            ["Class", "Source", "Clips", *CHANNELS, "Above one half"],
            [
                [r["class"], r["source"], r["clips"], *(f"{r['mean'][c]:.2f}" for c in CHANNELS), f"{r['aboveHalf']:.0%}"]
                for r in sorted(measured["sources"], key=lambda r: (r["class"], -r["aboveHalf"] if r["class"] == "real" else r["aboveHalf"]))
            ],
        ),
        "## Limits", "", *[f"- {limit}" for limit in manifest["limits"]], "", "## Training data", "",
        "Clips were used to fit weights and are not part of the project.", "",
        *table(["Class", "Source", "What", "Licence", "Clips"], [[r["class"], r["source"], r["what"], r["licence"], r["clips"]] for r in manifest["training"]["data"]]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--leave-out", type=int)
    options = parser.parse_args()
    clips = Clips(options.data, options.work)
    head = Head(*clips.training(np.flatnonzero(clips.fold != options.leave_out), np.arange(clips.figures["clean"].shape[1])))
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.leave_out is None:
        np.savez(options.work / "head.npz", knots=head.knots, values=head.values, bounds=head.bounds, weights=head.weights, intercept=head.intercept)
    export(head, options.folder / "model.onnx")
    numbers = json.loads((options.work / "measured.json").read_text())
    sizes = {name: len(values) for name, values in features.groups(np.random.default_rng(0).normal(size=RATE)).items()}
    manifest = {
        "id": "speech-synthetic" if options.leave_out is None else f"speech-without-{options.leave_out}",
        "version": options.version,
        "title": "How voices move between 300 and 3400 Hz, which speech synthesis does not quite imitate",
        "kind": "speech-figures",
        "file": "model.onnx",
        "sha256": hashlib.sha256((options.folder / "model.onnx").read_bytes()).hexdigest(),
        "input": {"name": "figures", "sampleRate": RATE, "figures": features.VERSION, "seconds": SECONDS},
        "output": {"logit": "logit", "strangeness": "strangeness"},
        "windows": WINDOWS,
        "calibration": numbers["calibration"],
        "thresholds": numbers["thresholds"],
        "abstain": {"minSpeechSeconds": MIN_SECONDS, "maxClippedShare": MAX_CLIPPED, "minBandHertz": MIN_BAND, "minQuietShare": MIN_QUIET, "maxStrangeness": MAX_STRANGENESS},
        "training": {"channels": CHANNELS, "strangeBeyond": OUTSIDE, "data": training_data(clips, options.leave_out)},
        "measured": {"figures": sizes, **numbers["measured"]},
        "limits": LIMITS,
    }
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (options.folder / "MODEL_CARD.md").write_text(card(manifest))


if __name__ == "__main__":
    main()
