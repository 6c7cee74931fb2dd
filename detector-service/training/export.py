"""Exports the member that has seen all as one ONNX file.

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

from dataset import CROP
from members import member

LARGE = 5000
"""Numbers of a tensor from which it is stored in half the space."""


def halve(graph: onnx.GraphProto) -> None:
    for tensor in [tensor for tensor in graph.initializer if np.prod(tensor.dims) > LARGE]:
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{tensor.name}.half"))
        graph.node.insert(0, helper.make_node("Cast", [f"{tensor.name}.half"], [tensor.name], to=onnx.TensorProto.FLOAT))


def join_padding(graph: onnx.GraphProto) -> None:
    """Moves the padding of strided convolutions into them: as nodes of their own they take a tenth of the time. Torch has no one-sided padding, ONNX does."""
    padded = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Pad"}
    for node in graph.node:
        if node.op_type == "Conv" and node.input[0] in padded:
            attributes = {attribute.name: attribute for attribute in node.attribute}
            if list(attributes["strides"].ints) != [2, 2]:
                raise SystemExit(f"Expected padding before convolutions of stride 2 alone but found {node.name}; see Convolution in packaged.py.")
            node.input[0] = padded[node.input[0]]
            height, width = attributes["kernel_shape"].ints
            attributes["pads"].ints[:] = [0, 0, height // 2, width // 2]
    remove_unused(graph)


def remove_unused(graph: onnx.GraphProto) -> None:
    while True:
        used = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
        unused = [node for node in graph.node if not used.intersection(node.output)]
        if not unused:
            return
        for node in unused:
            graph.node.remove(node)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    model = member(options.work, options.package, None)
    torch.manual_seed(0)
    example = torch.rand(1, 3, CROP, CROP)
    torch.onnx.export(
        model, example, str(options.out), opset_version=13, dynamo=False, input_names=["rgb"], output_names=["logit", "map"],
        dynamic_axes={"rgb": {0: "n", 2: "h", 3: "w"}, "logit": {0: "n"}, "map": {0: "n", 1: "h16", 2: "w16"}},
    )
    exported = onnx.load(str(options.out))
    join_padding(exported.graph)
    halve(exported.graph)
    onnx.checker.check_model(exported)
    onnx.save(exported, str(options.out))
    with torch.no_grad():
        logit, logit_map = model(example)
    print("bytes", options.out.stat().st_size, "sha256", hashlib.sha256(options.out.read_bytes()).hexdigest())
    print("torch logit of the check input", logit.item(), "mean of the map", logit_map.mean().item(), "map", tuple(logit_map.shape))
    example.numpy().tofile(options.work / "check.bin")


if __name__ == "__main__":
    main()
