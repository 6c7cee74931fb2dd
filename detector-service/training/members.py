"""The model without each fold, whose figures are told, and the one on all, which is shipped: where their parts lie and how they go together."""

from pathlib import Path

import torch

from backbone import Backbone
from dataset import FOLDS
from inception import InceptionStem
from mobilenet import MobileNet
from network import Detector, Head

MEMBERS = (*range(len(FOLDS)), None)
"""The fold that a member has not seen; None has seen all."""


def part(work: Path, name: str, fold: int | None) -> Path:
    """File of a part (mobilenet, head) of a member."""
    return work / (f"{name}.pt" if fold is None else f"{name}-{fold}.pt")


def tuned(work: Path, package: Path, fold: int | None) -> MobileNet:
    mobilenet = MobileNet(package)
    mobilenet.load_state_dict(torch.load(part(work, "mobilenet", fold)))
    return mobilenet


def member(work: Path, package: Path, fold: int | None) -> Detector:
    backbone = Backbone(InceptionStem(package), tuned(work, package, fold))
    return Detector(backbone, Head(torch.load(part(work, "head", fold)))).eval()
