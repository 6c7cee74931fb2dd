"""Exports the mean of the members as one ONNX file and checks it against torch.

    python3 export.py model.onnx member-0.pt member-1.pt member-2.pt
"""

import argparse
import hashlib
from pathlib import Path

import torch

from network import Ensemble, ResidualNet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("members", type=Path, nargs="+")
    options = parser.parse_args()
    nets = []
    for path in options.members:
        net = ResidualNet()
        net.load_state_dict(torch.load(path)["weights"])
        nets.append(net.eval())
    model = Ensemble(nets).eval()
    torch.manual_seed(0)
    example = torch.rand(1, 3, 224, 224)
    torch.onnx.export(
        model, example, str(options.out), opset_version=13, input_names=["rgb"], output_names=["logit", "map"],
        dynamic_axes={"rgb": {0: "n", 2: "h", 3: "w"}, "logit": {0: "n"}, "map": {0: "n", 1: "h8", 2: "w8"}},
    )
    with torch.no_grad():
        logit, logit_map = model(example)
    print("parameters", sum(p.numel() for p in model.parameters()))
    print("sha256", hashlib.sha256(options.out.read_bytes()).hexdigest())
    print("torch logit of the check input", logit.item(), "map", tuple(logit_map.shape))
    example.numpy().tofile(options.out.with_suffix(".check.bin"))


if __name__ == "__main__":
    main()
