"""Pictures, folds by source, and the augmentation that both classes go through alike."""

import csv
import io
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 640
"""Pictures are kept as centre crops of at most this side, cut on the 8-pixel grid."""

OUTSIDE = {"document", "screenshot"}
"""Categories that the model is not for: never trained on, and measured for abstention and false alarms only."""

CROP = 224
CAP = 120
"""Pictures of one source and class that take part at most."""

MEASURE_ONLY = {"celebahq-afhq", "ffhq-demo"}
"""Sources of pictures under non-commercial licences: never trained on, measured by all heads."""

FOLDS = [
    {"tharunnayak14", "minimaxir", "Kwai-Kolors", "BIDS", "CompVis", "konstantint"},
    {"Omarkouta73", "songguoxs", "Haidra-Org", "cazyw", "djbielejeski", "keepassxreboot"},
    {"dcsan", "mindbomber", "Ismaolen", "SupaGruen", "jamez-bondos", "ardamavi", "deepinsight", "libvips", "cszn", "JingyunLiang"},
]
"""Owners of the repositories held out together: real and generated pictures of one repository never part."""


@dataclass(frozen=True)
class Picture:
    file: str
    fake: bool
    source: str
    fold: int | None
    category: str
    generator: str
    licence: str
    sha256: str
    offset: int
    height: int
    width: int


def load(path: Path) -> Image.Image:
    image = Image.open(path)
    image.load()
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _fold(repository: str, source: str) -> int | None:
    if source in MEASURE_ONLY:
        return None
    owner = repository.split("/")[0]
    for index, owners in enumerate(FOLDS):
        if owner in owners:
            return index
    raise SystemExit(f"Expected every repository in a fold but received {repository}; add its owner to FOLDS.")


def pack(data: Path, work: Path) -> None:
    """Decodes every picture once into one flat file, so that several trainings share the pages."""
    rows, offset = [], 0
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "pixels.bin", "wb") as pixels:
        for row in csv.DictReader(open(data / "manifest.csv", newline="")):
            image = load(data / row["file"])
            if min(image.size) < 136:
                continue
            width, height = (min(side, SIDE) for side in image.size)
            x, y = (image.size[0] - width) // 16 * 8, (image.size[1] - height) // 16 * 8
            array = np.asarray(image.crop((x, y, x + width, y + height)))
            pixels.write(array.tobytes())
            rows.append(
                Picture(
                    row["file"], row["label"] == "fake", row["source"], _fold(row["repo"], row["source"]),
                    row["category"], row["generator_or_camera"], row["license"], row["sha256"], offset, height, width,
                ).__dict__
            )
            offset += array.size
    (work / "index.json").write_text(json.dumps(rows))


def capped(rows: list[Picture]) -> list[int]:
    """Places of at most CAP rows of each source and class, in the order of their hashes."""
    taken: Counter = Counter()
    kept = []
    for i in sorted(range(len(rows)), key=lambda i: rows[i].sha256):
        taken[rows[i].fake, rows[i].source] += 1
        if taken[rows[i].fake, rows[i].source] <= CAP:
            kept.append(i)
    return kept


class Pictures:
    def __init__(self, work: Path, pixels: str = "pixels.bin", index: str = "index.json"):
        self.rows = [Picture(**row) for row in json.loads((work / index).read_text())]
        self._pixels = np.memmap(work / pixels, dtype=np.uint8, mode="r")

    def __getitem__(self, i: int) -> np.ndarray:
        row = self.rows[i]
        return self._pixels[row.offset : row.offset + row.height * row.width * 3].reshape(row.height, row.width, 3)


def viewed(work: Path) -> list[Picture]:
    """The pictures that make_views.py made crops of, in its order."""
    rows = Pictures(work).rows
    return [rows[i] for i in json.loads((work / "views.json").read_text())]


def encode(image: Image.Image, rng: random.Random) -> Image.Image:
    buffer = io.BytesIO()
    if rng.random() < 0.14:
        image.save(buffer, "WEBP", quality=rng.randint(60, 95), method=2)
    else:
        quality = rng.choice([60, 65, 70, 75, 75, 80, 85, 88, 90, 92, 95, 98])
        image.save(buffer, "JPEG", quality=quality, subsampling=rng.choice([0, 2, 2]))
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


KERNELS = [Image.BICUBIC, Image.BICUBIC, Image.BILINEAR, Image.LANCZOS]


def _place(array: np.ndarray, side: int, rng: random.Random) -> tuple[int, int]:
    y, x = rng.randint(0, array.shape[0] - side), rng.randint(0, array.shape[1] - side)
    return (y // 8 * 8, x // 8 * 8) if rng.random() < 0.4 else (y, x)


def _rescaled(array: np.ndarray, side: int, rng: random.Random) -> Image.Image:
    """A crop of `side` pixels: native, rescaled by 0.4-1.5, or from the picture shrunk to a short side of 256."""
    short = min(array.shape[:2])
    draw = rng.random()
    if draw < 0.5:
        factor = 1.0
    elif draw < 0.72 and short > 270:
        factor = 256 / short
    else:
        factor = rng.uniform(0.4, 1.5)
    factor = max(factor, side / short)
    reach = min(short, int(np.ceil(side / factor)))
    y, x = _place(array, reach, rng)
    crop = Image.fromarray(np.ascontiguousarray(array[y : y + reach, x : x + reach]))
    return crop if reach == side else crop.resize((side, side), rng.choice(KERNELS))


def _weather(image: Image.Image, rng: random.Random) -> Image.Image:
    """Mild blur or sensor-like noise, as in everyday pictures of both classes."""
    draw = rng.random()
    if draw < 0.08:
        from PIL import ImageFilter

        return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    if draw < 0.18:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(1, 5), (image.size[1], image.size[0], 3))
        return Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))
    return image


def augment(array: np.ndarray, side: int, rng: random.Random) -> np.ndarray:
    """One training crop. Real and generated pictures take exactly the same path: at least one lossy encode, often two."""
    margin = 8 if min(array.shape[:2]) >= side + 8 else 0
    image = _weather(_rescaled(array, side + margin, rng), rng)
    image = encode(image, rng)
    x, y = rng.randint(0, margin), rng.randint(0, margin)
    if rng.random() < 0.35:
        x = y = 0
    image = image.crop((x, y, x + side, y + side))
    if rng.random() < 0.5:
        image = encode(image, rng)
    crop = np.asarray(image)
    if rng.random() < 0.5:
        crop = crop[:, ::-1]
    return np.ascontiguousarray(np.rot90(crop, rng.randint(0, 3)))
