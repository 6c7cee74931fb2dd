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
from protocol import Clips, uses

WINDOWS = 8
MAX_CLIPPED, MIN_BAND = 0.01, 3300
MIN_QUIET, MAX_STRANGENESS = 0.25, 0.08
LIMITS = [
    "Weak on systems and sources that it has not seen: better than chance, far from proof. A score is a hint for a person, never a reason by itself.",
    "Trained and measured on systems that are mostly of 2017 to 2021. Cloned voices of later systems are absent; expect less on them, as on VITS, the newest here.",
    "It listens up to 6900 Hz. Sound with less, such as from a telephone, is judged by less and with more errors.",
    "Real speech by actors, singers, in reverberant rooms or through strong noise reduction was hardly trained on and may look synthetic.",
    "Settings were chosen on the same figures that are reported, so these flatter a little.",
    "Music is told from speech by how seldom it falls quiet and by how strange it is; about four of five pieces are left alone. Music behind speech was not measured.",
    "Old formant synthesis that sounds like a robot is mostly not scored, and voices glued together from recordings look real.",
    "Whether a recording was edited, and whose voice it is, is not judged. A sound with synthetic and real parts gets the mean of its windows.",
    "Errors are measured on development clips by leaving repositories out. Other collections will give other numbers: evaluate it on your own.",
]


def head_nodes(name: str, head: Head, calibration: dict) -> tuple[list, list]:
    """Nodes and constants from `name.figures` to `name.logit`, calibrated, and `name.strangeness`."""
    lower, upper = head.knots[:-1].T, head.knots[1:].T
    width = upper - lower
    slopes = np.divide(np.diff(head.values)[None], width, out=np.zeros_like(width), where=width > 0) * head.weights[:, None]
    offset = head.values[0] * head.weights.sum() + head.intercept
    constants = {
        "lower": lower, "upper": upper, "slopes": slopes / calibration["temperature"],
        "offset": np.array(offset / calibration["temperature"] + calibration["bias"]), "least": head.bounds[0], "most": head.bounds[1],
    }
    steps = (
        ("Unsqueeze", ("figures", "/last"), "column"), ("Max", ("column", "lower"), "above"), ("Min", ("above", "upper"), "within"),
        ("Sub", ("within", "lower"), "climbed"), ("Mul", ("climbed", "slopes"), "share"), ("ReduceSum", ("share", "/both"), "sum"),
        ("Add", ("sum", "offset"), "logit"), ("Less", ("figures", "least"), "isLow"), ("Greater", ("figures", "most"), "isHigh"),
        ("Or", ("isLow", "isHigh"), "isStrange"), ("Cast", ("isStrange",), "strange"), ("ReduceMean", ("strange",), "strangeness"),
    )
    more = {"ReduceSum": {"keepdims": 0}, "Cast": {"to": TensorProto.FLOAT}, "ReduceMean": {"axes": [1], "keepdims": 0}}

    def full(part: str) -> str:
        return part[1:] if part.startswith("/") else f"{name}.{part}"

    nodes = [helper.make_node(kind, [full(part) for part in parts], [full(out)], **more.get(kind, {})) for kind, parts, out in steps]
    return nodes, [numpy_helper.from_array(values.astype(np.float32), full(part)) for part, values in constants.items()]


def export(heads: dict[str, Head], calibrations: dict, path: Path) -> None:
    """Figures in; logit and strangeness out, one a row: of the wide head, or of the telephone head where the wide band's figures are no numbers."""
    whole, narrow = len(heads["wide"].weights), len(heads["telephone"].weights)
    constants = {"last": [2], "both": [1, 2], "zero": [0], "narrow": [narrow], "next": [narrow + 1], "second": [1]}
    initialisers = [numpy_helper.from_array(np.array(values, np.int64), name) for name, values in constants.items()]
    initialisers.append(numpy_helper.from_array(np.array(0, np.float32), "nothing"))
    nodes = [
        helper.make_node("IsNaN", ["figures"], ["isMissing"]),
        helper.make_node("Where", ["isMissing", "nothing", "figures"], ["wide.figures"]),
        helper.make_node("Slice", ["wide.figures", "zero", "narrow", "second"], ["telephone.figures"]),
        helper.make_node("Slice", ["isMissing", "narrow", "next", "second"], ["isNarrowColumn"]),
        helper.make_node("Squeeze", ["isNarrowColumn", "second"], ["isNarrow"]),
    ]
    for name, head in heads.items():
        more_nodes, more_constants = head_nodes(name, head, calibrations[name])
        nodes += more_nodes
        initialisers += more_constants
    outputs = ("logit", "strangeness")
    nodes += [helper.make_node("Where", ["isNarrow", f"telephone.{out}", f"wide.{out}"], [out]) for out in outputs]
    graph = helper.make_graph(
        nodes, "speech-synthetic", [helper.make_tensor_value_info("figures", TensorProto.FLOAT, ["n", whole])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in outputs], initialisers,
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
        f"{manifest['title']}. Six groups of figures of windows of {SECONDS} seconds, within 300 to 3400 Hz and again within 300 to 6900 Hz ({sum(sum(sizes.values()) for sizes in measured['figures'].values())} in all), each placed among the training's by its quantile, and logistic regression: "
        "one head for sound that fills the wide band, one for what a telephone leaves. Calibration is inside the model, for each head its own.", "",
        "## Use", "",
        "A hint for a reviewer beside provenance and container facts. Facts always outrank it, and no version makes a verdict beyond `suspect`.", "",
        "## Measured", "",
        f"{measured['how']} {measured['clips']['real']} real and {measured['clips']['synthetic']} synthetic clips; {measured['clips']['shorterLeftOut']} shorter ones are left out. "
        "\"Same source\" is the AUC among clips of one repository, where studio, codec and language give nothing away. \"Families known\" leaves out repositories only. The shipped head is fitted on all of them afterwards.", "",
        *table(
            ["Channel", "Head", "EER", "AUC", "95 % interval", "Same source", "EER, families known", "AUC, families known", "Calibration error"],
            [[r["channel"], r["head"], f"{r['eer']:.1%}", r["auc"], f"{r['interval'][0]} to {r['interval'][1]}", r["sameSource"], f"{r['eerFamiliesKnown']:.1%}", r["aucFamiliesKnown"], r["calibrationError"]] for r in measured["channels"]],
        ),
        "The bar for a score at all: EER below 35 %, same source above 0.7, also through MP3 and telephone. It is cleared.", "",
        f"At a probability of {alarm['triedThreshold']} it would flag {alarm['falseAlarms']:.1%} of real and {alarm['found']:.1%} of synthetic clips, each source judged by a threshold from the others; "
        f"of the worst real source {alarm['worstRealSource']:.0%}. "
        + ("That earns an alarm." if alarm["earned"] else "That earns no alarm. The thresholds are 1 and 0: this version reports a score and changes no verdict."), "",
        "AUC by vocoder family:", "",
        *table(["Family", "Clips", *measured["families"][0]["auc"]], [[r["family"], r["clips"], *(f"{r['auc'][c]:.2f}" for c in r["auc"])] for r in measured["families"]]),
        "Mean probability by source, hard cases first (real with the highest, synthetic with the lowest share above one half):", "",
        *table(
            ["Class", "Source", "Clips", *measured["sources"][0]["mean"], "Above one half"],
            [
                [r["class"], r["source"], r["clips"], *(f"{value:.2f}" for value in r["mean"].values()), f"{r['aboveHalf']:.0%}"]
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
    numbers = json.loads((options.work / "measured.json").read_text())
    chosen = np.flatnonzero(clips.fold != options.leave_out)
    heads = {name: Head(*clips.training(chosen, use)) for name, use in uses().items()}
    if options.leave_out is None:
        for name, head in heads.items():
            head.store(options.work / f"head-{name}.npz")
    options.folder.mkdir(parents=True, exist_ok=True)
    export(heads, numbers["calibrations"], options.folder / "model.onnx")
    noise = np.random.default_rng(0).normal(size=RATE)
    sizes = {band: {name: len(values) for name, values in features.groups(noise, band).items()} for band in features.BANDS}
    manifest = {
        "id": "speech-synthetic" if options.leave_out is None else f"speech-without-{options.leave_out}",
        "version": options.version,
        "title": "How voices move, which speech synthesis does not quite imitate",
        "kind": "speech-figures",
        "file": "model.onnx",
        "sha256": hashlib.sha256((options.folder / "model.onnx").read_bytes()).hexdigest(),
        "input": {"name": "figures", "sampleRate": RATE, "figures": features.VERSION, "seconds": SECONDS},
        "output": {"logit": "logit", "strangeness": "strangeness"},
        "windows": WINDOWS,
        "calibration": {"temperature": 1, "bias": 0},
        "thresholds": numbers["thresholds"],
        "abstain": {"minSpeechSeconds": MIN_SECONDS, "maxClippedShare": MAX_CLIPPED, "minBandHertz": MIN_BAND, "minQuietShare": MIN_QUIET, "maxStrangeness": MAX_STRANGENESS},
        "training": {"channels": CHANNELS, "calibrationsInside": numbers["calibrations"], "strangeBeyond": OUTSIDE, "data": training_data(clips, options.leave_out)},
        "measured": {"figures": sizes, **numbers["measured"]},
        "limits": LIMITS,
    }
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    (options.folder / "MODEL_CARD.md").write_text(card(manifest))


if __name__ == "__main__":
    main()
