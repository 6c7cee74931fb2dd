"""Describes crops by the backbone and fits a head without each fold and one on all.

Each of the two networks has a discriminant of its own, and their logits are added: one discriminant over both would listen to the tuned network too much, which knows its
own training pictures too well.

    python3 fit.py WORK PACKAGE [--processes 2] [--device cuda]

Writes `head-0.pt`, `head-1.pt`, `head-2.pt` and `head.pt`.
"""

import argparse
from pathlib import Path

import torch

from backbone import Backbone
from dataset import viewed
from describe import describe
from discriminant import fit, joined
from inception import InceptionStem
from members import MEMBERS, part, tuned

CROPS = 6
"""Of a picture: m1, m2 and four augmented ones."""
SHARES = [0.4, 0.6]
"""Of the Inception and of the MobileNet in the logit."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("package", type=Path)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    rows = viewed(options.work)
    texture = describe(Backbone(InceptionStem(options.package)), options.work, CROPS, options.processes, options.device)
    for fold in MEMBERS:
        content = describe(Backbone(tuned(options.work, options.package, fold)), options.work, CROPS, options.processes, options.device)
        places = [at for at, row in enumerate(rows) if row.fold != fold]
        own = [rows[at] for at in places]
        heads = [fit(features[places], own) for features in (texture, content)]
        torch.save(joined(heads, SHARES), part(options.work, "head", fold))


if __name__ == "__main__":
    main()
