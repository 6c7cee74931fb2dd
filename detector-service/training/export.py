"""Exports backbone and head as one ONNX file.

The large tensors are stored as 16-bit numbers; one node a tensor widens them, once, when the file is loaded.

    python3 export.py WORK PACKAGE model.onnx
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from backbone import Backbone
from dataset import CROP
from network import Detector

LARGE = 5000
"""Numbers of a tensor from which it is stored in half the space."""


def halve(path: Path) -> None:
    exported = onnx.load(str(path))
    graph = exported.graph
    for tensor in [tensor for tensor in graph.initializer if np.prod(tensor.dims) > LARGE]:
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{tensor.name}.half"))
        graph.node.insert(0, helper.make_node("Cast", [f"{tensor.name}.half"], [tensor.name], to=onnx.TensorProto.FLOAT))
    onnx.checker.check_model(exported)
    onnx.save(exported, str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    model = Detector.load(Backbone(options.package), options.work / "tuned.pt")
    torch.manual_seed(0)
    example = torch.rand(1, 3, CROP, CROP)
    torch.onnx.export(
        model, example, str(options.out), opset_version=13, input_names=["rgb"], output_names=["logit", "map"],
        dynamic_axes={"rgb": {0: "n", 2: "h", 3: "w"}, "logit": {0: "n"}, "map": {0: "n", 1: "h16", 2: "w16"}},
    )
    halve(options.out)
    with torch.no_grad():
        logit, logit_map = model(example)
    print("bytes", options.out.stat().st_size, "sha256", hashlib.sha256(options.out.read_bytes()).hexdigest())
    print("torch logit of the check input", logit.item(), "mean of the map", logit_map.mean().item(), "map", tuple(logit_map.shape))
    example.numpy().tofile(options.work / "check.bin")


if __name__ == "__main__":
    main()
