"""What most teams would write first: FastAPI, Pillow and torch around the shipped image networks. It is what `npm run bench -- load` measures the service against.

It decodes and runs both networks, and nothing else: no search for copied regions, no fingerprints, no provenance, no evidence, no storage, no signature.

    MODELS=../../models uvicorn service:app --workers 2      then POST a JPEG to /judge
"""

import asyncio
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from fastapi import FastAPI, Request
from PIL import Image

from onnx_in_torch import FastNetwork

torch.set_num_threads(1)
MODELS = Path(os.environ["MODELS"])
app = FastAPI()
thread = ThreadPoolExecutor(1)


class Model:
    def __init__(self, name: str):
        self.manifest = json.loads((MODELS / name / "manifest.json").read_text())
        self.network = FastNetwork(MODELS / name / self.manifest["file"])
        self.mean = torch.tensor(self.manifest["input"]["mean"])[:, None, None]
        self.deviation = torch.tensor(self.manifest["input"]["deviation"])[:, None, None]

    def logit(self, pictures: list[np.ndarray]) -> float:
        """Mean logit of pictures of one size, as one batch."""
        rgb = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
        logits = self.network((rgb - self.mean) / self.deviation)[0]
        return float(logits.mean())


generated, edited = Model("image-generated"), Model("image-edited")


def places(length: int, side: int, most: int) -> list[int]:
    count = min(most, max(1, int(length / side + 0.5)))
    return [(length - side) // 2] if count == 1 else [i * (length - side) // (count - 1) for i in range(count)]


def crops(pixels: np.ndarray, most: int) -> list[np.ndarray]:
    side = generated.manifest["input"]["side"]
    height, width = (min(side, length) for length in pixels.shape[:2])
    return [
        pixels[top : top + height, left : left + width]
        for top in places(pixels.shape[0], height, int(most**0.5))
        for left in places(pixels.shape[1], width, int(most**0.5))
    ]


def through_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=quality)
    return Image.open(encoded).convert("RGB")


def generated_logit(picture: Image.Image) -> float:
    """One view of the picture as it is and, of larger ones, one of it shrunk."""
    logits = [generated.logit(crops(np.asarray(picture), generated.manifest["crops"]))]
    view = generated.manifest.get("shrunk")
    if view and min(picture.size) > view["shortSide"]:
        scale = view["shortSide"] / min(picture.size)
        small = picture.resize([round(side * scale) for side in picture.size], Image.LANCZOS, reducing_gap=2.0)
        quality = generated.manifest["input"]["jpegQuality"]
        pieces = [Image.fromarray(piece) for piece in crops(np.asarray(small), view["crops"])]
        logits.append(generated.logit([np.asarray(through_jpeg(piece, quality)) for piece in pieces]))
    return sum(logits) / len(logits)


def edited_logit(picture: Image.Image) -> float:
    longest, multiple, quality = (edited.manifest["input"][name] for name in ("longestSide", "multiple", "jpegQuality"))
    if max(picture.size) > longest:
        scale = longest / max(picture.size)
        small = picture.resize([round(side * scale) for side in picture.size], Image.LANCZOS, reducing_gap=2.0)
        picture = through_jpeg(small, quality)
    width, height = (side // multiple * multiple for side in picture.size)
    return edited.logit([np.asarray(picture)[:height, :width]])


def judge(body: bytes) -> dict[str, float]:
    picture = Image.open(io.BytesIO(body)).convert("RGB")
    return {"generated": generated_logit(picture), "edited": edited_logit(picture)}


@app.post("/judge")
async def post(request: Request) -> dict[str, float]:
    return await asyncio.get_running_loop().run_in_executor(thread, judge, await request.body())


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}
