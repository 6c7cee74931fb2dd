"""Reads a TensorFlow Lite file: tensors, constants and operations of its one subgraph.

A file of that kind is a FlatBuffer (https://flatbuffers.dev/internals): tables whose fields are found through a table of offsets. Field numbers are those of
TensorFlow's `lite/schema/schema.fbs`, version 3. Only what a network of convolutions needs is read.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TYPES = {0: "<f4", 1: "<f2", 2: "<i4", 4: "<i8"}
"""Element types that may occur, by their number in the schema."""


class Table:
    def __init__(self, blob: bytes, at: int):
        self.blob, self.at = blob, at
        self.offsets = at - struct.unpack_from("<i", blob, at)[0]
        self.size = struct.unpack_from("<H", blob, self.offsets)[0]

    def _field(self, number: int) -> int | None:
        place = 4 + 2 * number
        offset = struct.unpack_from("<H", self.blob, self.offsets + place)[0] if place < self.size else 0
        return self.at + offset if offset else None

    def number(self, number: int, kind: str, default: int = 0) -> int:
        """A scalar; `kind` as for `struct`."""
        at = self._field(number)
        return default if at is None else struct.unpack_from("<" + kind, self.blob, at)[0]

    def _target(self, number: int) -> int | None:
        at = self._field(number)
        return None if at is None else at + struct.unpack_from("<I", self.blob, at)[0]

    def table(self, number: int) -> "Table | None":
        at = self._target(number)
        return None if at is None else Table(self.blob, at)

    def tables(self, number: int) -> list["Table"]:
        at = self._target(number)
        if at is None:
            return []
        places = [at + 4 + 4 * i for i in range(struct.unpack_from("<I", self.blob, at)[0])]
        return [Table(self.blob, place + struct.unpack_from("<I", self.blob, place)[0]) for place in places]

    def values(self, number: int, kind: str) -> np.ndarray:
        at = self._target(number)
        return np.zeros(0, kind) if at is None else np.frombuffer(self.blob, kind, struct.unpack_from("<I", self.blob, at)[0], at + 4)


@dataclass(frozen=True)
class Operation:
    code: int
    """Number of the built-in operator."""
    inputs: list[int]
    outputs: list[int]
    options: Table | None


@dataclass(frozen=True)
class Network:
    shapes: list[tuple[int, ...]]
    constants: dict[int, np.ndarray]
    """Values by number of the tensor; the others are computed."""
    inputs: list[int]
    outputs: list[int]
    operations: list[Operation]


def read(path: Path) -> Network:
    blob = path.read_bytes()
    if blob[4:8] != b"TFL3":
        raise SystemExit(f"Expected a TensorFlow Lite file of schema 3 in {path} but found the identifier {blob[4:8]!r}.")
    model = Table(blob, struct.unpack_from("<I", blob, 0)[0])
    codes = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    buffers = model.tables(4)
    (graph,) = model.tables(2)
    tensors = graph.tables(0)
    shapes = [tuple(int(side) for side in tensor.values(0, "<i4")) for tensor in tensors]
    constants = {}
    for i, tensor in enumerate(tensors):
        data = buffers[tensor.number(2, "I")].values(0, "u1")
        if data.size == 0:
            continue
        if tensor.table(6) is not None:
            raise SystemExit(f"Expected dense tensors in {path} but tensor {i} is sparse; use the file without `_sparse`.")
        constants[i] = np.frombuffer(data.tobytes(), TYPES[tensor.number(1, "b")]).reshape(shapes[i])
    operations = [
        Operation(codes[entry.number(0, "I")], entry.values(1, "<i4").tolist(), entry.values(2, "<i4").tolist(), entry.table(4)) for entry in graph.tables(3)
    ]
    return Network(shapes, constants, graph.values(1, "<i4").tolist(), graph.values(2, "<i4").tolist(), operations)
