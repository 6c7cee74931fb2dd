"""Turns the face detector of the npm package @mediapipe/face_detection into ONNX.

The large tensors are stored as 8-bit integers with a scale an output channel; two nodes a tensor widen them, once, when the file is loaded.

    python3 export.py PACKAGE model.onnx [--precision 8]
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tflite import Network, Operation, read

FILE = "face_detection_full_range.tflite"
SHA256 = "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3"
"""Of that file in version 0.4.1657300184; the model for faces within five metres of the camera."""

LARGE = 2000
"""Numbers of a tensor from which it is stored in less space."""
ADD, CONVOLUTION, DEPTHWISE, DEQUANTIZE, POOL, RELU, RESHAPE, RESIZE, PAD = 0, 3, 4, 6, 17, 19, 22, 23, 34
SAME, NO_ACTIVATION = 0, 0


class Graph:
    """ONNX nodes and constants as they are written, tensors named by their number; pictures are NCHW instead of NHWC."""

    def __init__(self, network: Network, precision: int):
        self.network, self.precision = network, precision
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.widened = dict(network.constants)

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weights(self, name: str, values: np.ndarray) -> str:
        """A float tensor whose first axis is the output channel."""
        if values.size < LARGE or self.precision == 32:
            return self.constant(name, values.astype(np.float32))
        if self.precision == 16:
            self.add("Cast", [self.constant(f"{name}.half", values.astype(np.float16))], name, to=TensorProto.FLOAT)
            return name
        scale = np.abs(values).max(axis=tuple(range(1, values.ndim)), keepdims=True).astype(np.float32) / 127
        scale[scale == 0] = 1
        steps = self.constant(f"{name}.steps", np.rint(values / scale).astype(np.int8))
        self.add("Cast", [steps], f"{name}.wide", to=TensorProto.FLOAT)
        self.add("Mul", [f"{name}.wide", self.constant(f"{name}.scale", scale)], name)
        return name

    def convolution(self, operation: Operation, depthwise: bool) -> None:
        source, kernel, bias = operation.inputs
        options = operation.options
        stride_w, stride_h = options.number(1, "i", 1), options.number(2, "i", 1)
        activation = options.number(4 if depthwise else 3, "b")
        if activation != NO_ACTIVATION:
            raise SystemExit(f"Expected no activation within a convolution but found number {activation}.")
        values = self.widened[kernel].astype(np.float32)
        # Depthwise kernels are (1, h, w, channels), others (outputs, h, w, inputs).
        values = values.transpose(3, 0, 1, 2) if depthwise else values.transpose(0, 3, 1, 2)
        self.add(
            "Conv",
            [f"t{source}", self.weights(f"w{kernel}", values), self.constant(f"b{bias}.{operation.outputs[0]}", self.widened[bias].astype(np.float32))],
            f"t{operation.outputs[0]}",
            strides=[stride_h, stride_w],
            group=values.shape[0] if depthwise else 1,
            # TensorFlow, too, puts the odd row and column at the end.
            **({"auto_pad": "SAME_UPPER"} if options.number(0, "b") == SAME else {"auto_pad": "VALID"}),
        )

    def translate(self, operation: Operation) -> None:
        names = [f"t{number}" for number in operation.inputs]
        output = operation.outputs[0]
        shape = self.network.shapes[output]
        if operation.code == DEQUANTIZE:
            self.widened[output] = self.widened[operation.inputs[0]].astype(np.float32)
        elif operation.code in (CONVOLUTION, DEPTHWISE):
            self.convolution(operation, operation.code == DEPTHWISE)
        elif operation.code == ADD:
            self.add("Add", names, f"t{output}")
        elif operation.code == RELU:
            self.add("Relu", names, f"t{output}")
        elif operation.code == POOL:
            options = operation.options
            stride_w, stride_h, width, height = (options.number(field, "i") for field in (1, 2, 3, 4))
            self.add("MaxPool", names, f"t{output}", kernel_shape=[height, width], strides=[stride_h, stride_w], auto_pad="SAME_UPPER" if options.number(0, "b") == SAME else "VALID")
        elif operation.code == PAD:
            around = self.widened[operation.inputs[1]][[0, 3, 1, 2]]
            self.add("Pad", [names[0], self.constant(f"p{output}", around.T.reshape(-1).astype(np.int64))], f"t{output}")
        elif operation.code == RESIZE:
            sizes = self.constant(f"s{output}", np.array([1, shape[3], shape[1], shape[2]], np.int64))
            align, half = operation.options.number(2, "b"), operation.options.number(3, "b")
            how = "align_corners" if align else "half_pixel" if half else "asymmetric"
            self.add("Resize", [names[0], "", "", sizes], f"t{output}", mode="linear", coordinate_transformation_mode=how)
        elif operation.code == RESHAPE:
            self.add("Transpose", names[:1], f"n{output}", perm=[0, 2, 3, 1])
            self.add("Reshape", [f"n{output}", self.constant(f"r{output}", np.array(shape, np.int64))], f"t{output}")
        else:
            raise SystemExit(f"Expected the operators of a face detector but found number {operation.code}; use version 0.4.1657300184 of the package.")


def convert(network: Network, precision: int) -> onnx.ModelProto:
    """`rgb` (1, 3, side, side), -1..1, to `boxes` (1, cells, 16) and `scores` (1, cells, 1)."""
    graph = Graph(network, precision)
    for operation in network.operations:
        graph.translate(operation)
    (source,) = network.inputs
    boxes, scores = network.outputs
    renamed = {f"t{source}": "rgb", f"t{boxes}": "boxes", f"t{scores}": "scores"}
    for node in graph.nodes:
        node.input[:] = [renamed.get(name, name) for name in node.input]
        node.output[:] = [renamed.get(name, name) for name in node.output]
    _, height, width, channels = network.shapes[source]
    value = helper.make_tensor_value_info
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "faces",
            [value("rgb", TensorProto.FLOAT, [1, channels, height, width])],
            [value("boxes", TensorProto.FLOAT, network.shapes[boxes]), value("scores", TensorProto.FLOAT, network.shapes[scores])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7,
        producer_name="mediaguard",
    )
    onnx.checker.check_model(model)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("out", type=Path)
    parser.add_argument("--precision", type=int, choices=(8, 16, 32), default=8, help="bits a weight")
    options = parser.parse_args()
    path = options.package / FILE
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"Expected SHA-256 {SHA256} of {path} but found {found}; use version 0.4.1657300184.")
    onnx.save(convert(read(path), options.precision), str(options.out))
    print("bytes", options.out.stat().st_size, "sha256", hashlib.sha256(options.out.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
