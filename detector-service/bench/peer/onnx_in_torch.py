"""Runs the shipped ONNX networks in torch, for machines whose Python has torch and no ONNX Runtime.

Every node becomes the torch function of the same meaning; nodes without inputs from the picture are evaluated once, when the file is loaded. The network is then
traced and frozen, so that what runs is torch's own graph. An operator that is not listed here is refused by name.
"""

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

# Sizes are meant to become constants: there is one trace for each.
warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)

DTYPES = {1: torch.float32, 6: torch.int32, 7: torch.int64}


def ints(tensor: torch.Tensor) -> list[int]:
    return [int(value) for value in tensor.reshape(-1)]


def convolved(attributes: dict, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    if (top, left) != (bottom, right):
        x, top, left = F.pad(x, [left, right, top, bottom]), 0, 0
    return F.conv2d(x, weight, bias, attributes.get("strides", 1), (top, left), attributes.get("dilations", 1), attributes.get("group", 1))


def sliced(x: torch.Tensor, starts, ends, axes=None, steps=None) -> torch.Tensor:
    starts, ends = ints(starts), ints(ends)
    axes = ints(axes) if axes is not None else range(len(starts))
    for axis, start, end, step in zip(axes, starts, ends, ints(steps) if steps is not None else [1] * len(starts)):
        picked = list(range(x.shape[axis]))[slice(start, end if abs(end) < 2**31 else None, step)]
        x = x.index_select(axis, torch.tensor(picked))
    return x


def resized(a: dict, x: torch.Tensor, *inputs) -> torch.Tensor:
    if a["mode"] != b"linear" or a["coordinate_transformation_mode"] != b"half_pixel":
        raise SystemExit(f"Expected a linear Resize of half pixels but received {a}; add it to onnx_in_torch.py.")
    return F.interpolate(x, size=ints(inputs[-1])[2:], mode="bilinear", align_corners=False)


def gathered(a: dict, x: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    picked = x.index_select(a.get("axis", 0), index.reshape(-1))
    return picked.reshape(x.shape[: a.get("axis", 0)] + index.shape + x.shape[a.get("axis", 0) + 1 :])


def unsqueezed(x: torch.Tensor, axes: torch.Tensor) -> torch.Tensor:
    for axis in sorted(ints(axes)):
        x = x.unsqueeze(axis)
    return x


def clipped(x: torch.Tensor, low=None, high=None) -> torch.Tensor:
    return x.clamp(None if low is None else low.item(), None if high is None else high.item())


OPERATORS = {
    "Abs": lambda a, x: x.abs(),
    "Add": lambda a, x, y: x + y,
    "AveragePool": lambda a, x: F.avg_pool2d(
        x, a["kernel_shape"], a.get("strides", 1), a["pads"][:2], bool(a.get("ceil_mode", 0)), bool(a.get("count_include_pad", 0))
    ),
    "Cast": lambda a, x: x.to(DTYPES[a["to"]]),
    "Clip": lambda a, *inputs: clipped(*inputs),
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Conv": convolved,
    "Div": lambda a, x, y: x / y,
    "Exp": lambda a, x: x.exp(),
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gather": gathered,
    "Gemm": lambda a, x, w, b: F.linear(x, w if a.get("transB") else w.T, b),
    "Log": lambda a, x: x.log(),
    "MatMul": lambda a, x, y: x @ y,
    "MaxPool": lambda a, x: F.max_pool2d(x, a["kernel_shape"], a.get("strides", 1), a.get("pads", [0, 0])[:2], a.get("dilations", 1), bool(a.get("ceil_mode", 0))),
    "Mul": lambda a, x, y: x * y,
    "Pow": lambda a, x, y: x**y,
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a.get("keepdims", 1))),
    "ReduceSum": lambda a, x, axes: x.sum(ints(axes), keepdim=bool(a.get("keepdims", 1))),
    "Relu": lambda a, x: x.relu(),
    "Reshape": lambda a, x, shape: x.reshape(ints(shape)),
    "Resize": resized,
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Slice": lambda a, x, *rest: sliced(x, *rest),
    "Sqrt": lambda a, x: x.sqrt(),
    "Sub": lambda a, x, y: x - y,
    "Unsqueeze": lambda a, x, axes: unsqueezed(x, axes),
}


class OnnxNetwork(torch.nn.Module):
    """RGB of shape [N, 3, H, W] to the outputs of the graph, in its order."""

    def __init__(self, path: Path):
        super().__init__()
        graph = onnx.load(str(path)).graph
        self.input, self.outputs = graph.input[0].name, [output.name for output in graph.output]
        self.known = {tensor.name: torch.from_numpy(np.array(numpy_helper.to_array(tensor))) for tensor in graph.initializer}
        self.nodes = []
        for node in graph.node:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant":
                self.known[node.output[0]] = torch.from_numpy(np.array(numpy_helper.to_array(attributes["value"])))
            elif node.op_type not in OPERATORS:
                raise SystemExit(f"Expected only known operators in {path} but found {node.op_type}; add it to onnx_in_torch.py.")
            elif all(name == "" or name in self.known for name in node.input):
                self.known[node.output[0]] = self._run(node, attributes, self.known)
            else:
                self.nodes.append((node, attributes))

    @staticmethod
    def _run(node, attributes: dict, values: dict) -> torch.Tensor:
        return OPERATORS[node.op_type](attributes, *(values[name] if name else None for name in node.input))

    def forward(self, rgb: torch.Tensor):
        values = {**self.known, self.input: rgb}
        for node, attributes in self.nodes:
            values[node.output[0]] = self._run(node, attributes, values)
        return tuple(values[name] for name in self.outputs)


class FastNetwork:
    """Traces the network once for each shape of its input."""

    def __init__(self, path: Path):
        self.network, self.traced = OnnxNetwork(path).eval(), {}

    def __call__(self, rgb: torch.Tensor):
        with torch.inference_mode():
            if rgb.shape not in self.traced:
                traced = torch.jit.trace(self.network, rgb, check_trace=False)
                self.traced[rgb.shape] = torch.jit.freeze(traced)
            return self.traced[rgb.shape](rgb)
