"""Exports backbone and head as one ONNX file.

The backbone's weights stay the 8-bit integers that they came as; three nodes a tensor widen them once, when the file is loaded.

    python3 export.py WORK PACKAGE model.onnx
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from backbone import Backbone, FixedConvolution
from network import Detector, Head

SIDE = 224


def store_codes(path: Path, model: Detector) -> None:
    coded = {f"{name}.weight": module for name, module in model.named_modules() if isinstance(module, FixedConvolution)}
    exported = onnx.load(str(path))
    graph = exported.graph
    for tensor in [tensor for tensor in graph.initializer if tensor.name in coded]:
        module, name = coded[tensor.name], tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(module.codes, f"{name}.codes"))
        for part, value in zip(("scale", "offset"), module.coding):
            graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), f"{name}.{part}"))
        for node in (
            helper.make_node("Add", [f"{name}.scaled", f"{name}.offset"], [name]),
            helper.make_node("Mul", [f"{name}.wide", f"{name}.scale"], [f"{name}.scaled"]),
            helper.make_node("Cast", [f"{name}.codes"], [f"{name}.wide"], to=onnx.TensorProto.FLOAT),
        ):
            graph.node.insert(0, node)
        del coded[name]
    if coded:
        raise SystemExit(f"Expected to find all backbone weights in the exported graph but {', '.join(coded)} are not there.")
    onnx.checker.check_model(exported)
    onnx.save(exported, str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    model = Detector(Backbone(options.package), Head(torch.load(options.work / "head.pt"))).eval()
    torch.manual_seed(0)
    example = torch.rand(1, 3, SIDE, SIDE)
    torch.onnx.export(
        model, example, str(options.out), opset_version=13, input_names=["rgb"], output_names=["logit", "map"],
        dynamic_axes={"rgb": {0: "n", 2: "h", 3: "w"}, "logit": {0: "n"}, "map": {0: "n", 1: "h16", 2: "w16"}},
    )
    store_codes(options.out, model)
    with torch.no_grad():
        logit, logit_map = model(example)
    print("bytes", options.out.stat().st_size, "sha256", hashlib.sha256(options.out.read_bytes()).hexdigest())
    print("torch logit of the check input", logit.item(), "mean of the map", logit_map.mean().item(), "map", tuple(logit_map.shape))
    example.numpy().tofile(options.work / "check.bin")


if __name__ == "__main__":
    main()
