"""Local edits made from real pictures without end, and their masks.

A host picture comes in as uint8 [H, W, 3]; each maker returns what the edited area is filled with, over the whole picture. The mask says where it
shows. Kinds: `splice` (another picture), `copy_move` (the same picture), `inpaint` (diffusion, blur or patches from around),
`resynthesis` (the area through a patch auto-encoder), `process` (the area re-saved, rescaled, denoised, sharpened or made noisy), `face_blend` (the same face,
slightly moved and altered, blended softly back in, as face swaps do: Shiohara and Yamasaki, Self-Blended Images, 2022).
"""

import io
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

KINDS = ("splice", "copy_move", "inpaint", "resynthesis", "process", "face_blend")


def jpeg(image: Image.Image, quality: int, subsampling: int = 2) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=subsampling)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def shape_mask(height: int, width: int, rng: random.Random, centred: bool = False) -> np.ndarray:
    """A random ellipse, rectangle, polygon or blob of 2-30 % of the picture, as booleans [H, W]."""
    area = height * width * math.exp(rng.uniform(math.log(0.02), math.log(0.30)))
    aspect = math.exp(rng.uniform(-0.7, 0.7))
    ry, rx = math.sqrt(area / math.pi / aspect), math.sqrt(area / math.pi * aspect)
    ry, rx = min(ry, height * 0.42), min(rx, width * 0.42)
    if centred:
        ry, rx = height * rng.uniform(0.2, 0.42), width * rng.uniform(0.16, 0.36)
        cy, cx = height * rng.uniform(0.42, 0.58), width * rng.uniform(0.42, 0.58)
    else:
        cy, cx = rng.uniform(ry * 0.8, height - ry * 0.8), rng.uniform(rx * 0.8, width - rx * 0.8)
    kind = "ellipse" if centred else rng.choice(["ellipse", "rectangle", "polygon", "polygon", "blob", "blob"])
    if kind == "blob":
        seed = np.random.default_rng(rng.getrandbits(32))
        rough = ndimage.zoom(seed.normal(size=(7, 7)), (height / 7, width / 7), order=3)[:height, :width]
        y, x = np.mgrid[:height, :width]
        field = 1.3 - np.hypot((y - cy) / ry, (x - cx) / rx) + 0.35 * rough
        labels, count = ndimage.label(field > 0.3)
        if count:
            sizes = ndimage.sum(labels > 0, labels, range(1, count + 1))
            return labels == 1 + int(np.argmax(sizes))
    turn = rng.uniform(0, math.pi) if kind != "rectangle" or rng.random() < 0.3 else 0.0
    if kind == "rectangle":
        points = [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    elif kind == "polygon":
        corners = rng.randint(4, 11)
        points = []
        for i in range(corners):
            angle, radius = 2 * math.pi * (i + rng.uniform(-0.3, 0.3)) / corners, rng.uniform(0.6, 1.25)
            points.append((radius * math.cos(angle), radius * math.sin(angle)))
    else:
        points = [(math.cos(2 * math.pi * i / 48), math.sin(2 * math.pi * i / 48)) for i in range(48)]
    cos, sin = math.cos(turn), math.sin(turn)
    placed = [(cx + rx * (cos * u - sin * v), cy + ry * (sin * u + cos * v)) for u, v in points]
    canvas = Image.new("L", (width, height))
    ImageDraw.Draw(canvas).polygon(placed, fill=255)
    return np.asarray(canvas) > 0


def _fit(donor: np.ndarray, height: int, width: int, factor: float, turn: float, rng: random.Random) -> np.ndarray:
    """A part of the donor, scaled by `factor` and turned, that covers [H, W]; the donor is enlarged further where it is too small."""
    factor = max(factor, height / donor.shape[0], width / donor.shape[1])
    reach_y, reach_x = height / factor, width / factor
    y = rng.uniform(0, max(0.0, donor.shape[0] - reach_y)) if factor != 1 else rng.randint(0, donor.shape[0] - height)
    x = rng.uniform(0, max(0.0, donor.shape[1] - reach_x)) if factor != 1 else rng.randint(0, donor.shape[1] - width)
    image = Image.fromarray(np.ascontiguousarray(donor))
    if factor == 1 and turn == 0:
        return np.asarray(image.crop((int(x), int(y), int(x) + width, int(y) + height)))
    cos, sin = math.cos(turn) / factor, math.sin(turn) / factor
    cy, cx = y + reach_y / 2, x + reach_x / 2
    if factor < 0.8:
        image = image.filter(ImageFilter.GaussianBlur(0.4 / factor))
    matrix = (cos, -sin, cx - cos * width / 2 + sin * height / 2, sin, cos, cy - sin * width / 2 - cos * height / 2)
    moved = np.asarray(image.transform((width, height), Image.AFFINE, matrix, Image.BICUBIC))
    return moved


def _match_colours(fill: np.ndarray, host: np.ndarray, mask: np.ndarray, strength: float) -> np.ndarray:
    """Moves the fill's mean and spread within the mask towards the host's around it."""
    if mask.all() or not mask.any():
        return fill
    inside, outside = fill[mask].astype(np.float32), host[~mask].astype(np.float32)
    gain = np.clip(outside.std(0) / (inside.std(0) + 1), 0.6, 1.6)
    matched = (fill - inside.mean(0)) * (1 + strength * (gain - 1)) + inside.mean(0) + strength * (outside.mean(0) - inside.mean(0))
    return np.clip(matched, 0, 255).astype(np.uint8)


def _history(fill: np.ndarray, rng: random.Random) -> np.ndarray:
    """What happened to a donor before it was pasted: its own encoder, softness or grain."""
    image = Image.fromarray(np.ascontiguousarray(fill))
    draw = rng.random()
    if draw < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2)))
    elif draw < 0.25:
        image = image.filter(ImageFilter.UnsharpMask(rng.uniform(0.8, 2), rng.randint(40, 140), 0))
    elif draw < 0.4:
        return noisy(np.asarray(image), rng.uniform(1.5, 6), rng)
    if rng.random() < 0.5:
        y, x = rng.randint(0, 7), rng.randint(0, 7)
        shifted = np.roll(np.asarray(image), (y, x), (0, 1))
        image = jpeg(Image.fromarray(shifted), rng.randint(50, 96), rng.choice([0, 2]))
        image = Image.fromarray(np.roll(np.asarray(image), (-y, -x), (0, 1)))
    return np.asarray(image)


def noisy(array: np.ndarray, sigma: float, rng: random.Random) -> np.ndarray:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, sigma, array.shape)
    if rng.random() < 0.5:
        noise = ndimage.gaussian_filter(noise, (0.6, 0.6, 0)) * 1.7
    return np.clip(array + noise, 0, 255).astype(np.uint8)


def splice(host: np.ndarray, mask: np.ndarray, donor: np.ndarray, rng: random.Random) -> np.ndarray:
    plain = rng.random() < 0.3
    factor = 1.0 if plain else math.exp(rng.uniform(-0.7, 0.6))
    turn = 0.0 if plain or rng.random() < 0.5 else rng.uniform(-0.6, 0.6)
    fill = _fit(donor, *host.shape[:2], factor, turn, rng)
    if rng.random() < 0.5:
        fill = _match_colours(fill, host, mask, rng.uniform(0.3, 1))
    return _history(fill, rng) if rng.random() < 0.5 else fill


def copy_move(host: np.ndarray, mask: np.ndarray, rng: random.Random) -> np.ndarray:
    """The picture moved so that other content lies under the mask; what leaves one side comes in at the other."""
    height, width = host.shape[:2]
    dy, dx = 0, 0
    while abs(dy) < height // 6 and abs(dx) < width // 6:
        dy, dx = rng.randint(-height // 2, height // 2), rng.randint(-width // 2, width // 2)
    fill = np.roll(host, (dy, dx), (0, 1))
    draw = rng.random()
    if draw < 0.15:
        fill = fill[:, ::-1]
    elif draw < 0.45:
        fill = _fit(fill, height, width, math.exp(rng.uniform(0.02, 0.4)), rng.uniform(-0.4, 0.4), rng)
    return _history(fill, rng) if rng.random() < 0.25 else fill


def inpaint(host: np.ndarray, mask: np.ndarray, rng: random.Random) -> np.ndarray:
    draw = rng.random()
    if draw < 0.4:
        return _patches(host, mask, rng)
    hidden = ndimage.binary_dilation(mask, iterations=3)
    known = (~hidden).astype(np.float32)
    fill, missing = host.astype(np.float32).copy(), hidden.copy()
    for sigma in (2, 4, 8, 16, 32, 64):
        weight = ndimage.gaussian_filter(known, sigma)
        reached = missing & (weight > 0.02)
        if reached.any():
            blurred = ndimage.gaussian_filter(host * known[..., None], (sigma, sigma, 0))
            fill[reached] = blurred[reached] / weight[reached][:, None]
            missing &= ~reached
        if not missing.any():
            break
    smooth = ndimage.gaussian_filter(fill, (1.5, 1.5, 0)) if draw < 0.7 else ndimage.gaussian_filter(fill, (4, 4, 0))
    fill = np.clip(smooth, 0, 255).astype(np.uint8)
    return noisy(fill, rng.uniform(1, 5), rng) if rng.random() < 0.5 else fill


def _patches(host: np.ndarray, mask: np.ndarray, rng: random.Random) -> np.ndarray:
    """Each block of the hole takes, of a few places around the hole, the one that agrees best with what is known about it."""
    height, width = host.shape[:2]
    block = rng.choice([12, 16, 24, 32])
    fill, soft = host.astype(np.float32).copy(), ndimage.gaussian_filter(host.astype(np.float32), (6, 6, 0))
    for top in range(0, height, block):
        for left in range(0, width, block):
            bottom, right = min(top + block, height), min(left + block, width)
            if not mask[top:bottom, left:right].any():
                continue
            best, best_cost = None, math.inf
            for _ in range(24):
                y, x = rng.randint(0, height - (bottom - top)), rng.randint(0, width - (right - left))
                if mask[y : y + bottom - top, x : x + right - left].any():
                    continue
                cost = float(np.abs(soft[y : y + bottom - top, x : x + right - left] - soft[top:bottom, left:right]).mean())
                cost += 0.03 * math.hypot(y - top, x - left)
                if cost < best_cost:
                    best, best_cost = (y, x), cost
            if best:
                fill[top:bottom, left:right] = host[best[0] : best[0] + bottom - top, best[1] : best[1] + right - left]
    if rng.random() < 0.5:
        fill = ndimage.gaussian_filter(fill, (0.7, 0.7, 0))
    return np.clip(fill, 0, 255).astype(np.uint8)


class PatchCoder:
    """An auto-encoder of 8 x 8 colour patches: the few strongest components of real patches, overlapping patches averaged."""

    SIDE, STEP = 8, 4

    def __init__(self, pictures: list[np.ndarray], components: int = 40):
        rng = np.random.default_rng(0)
        rows = []
        for picture in pictures:
            for _ in range(120):
                y, x = (int(rng.integers(side - self.SIDE)) for side in picture.shape[:2])
                rows.append(picture[y : y + self.SIDE, x : x + self.SIDE].reshape(-1))
        patches = np.stack(rows).astype(np.float32)
        self.mean = patches.mean(0)
        centred = patches - self.mean
        _, vectors = np.linalg.eigh(centred.T @ centred)
        self.basis = vectors[:, ::-1][:, :components].astype(np.float32)

    def __call__(self, host: np.ndarray, rng: random.Random) -> np.ndarray:
        basis = self.basis[:, : rng.choice([10, 16, 24, 40])]
        height, width = (side // self.STEP * self.STEP for side in host.shape[:2])
        windows = np.lib.stride_tricks.sliding_window_view(host[:height, :width], (self.SIDE, self.SIDE, 3))[:: self.STEP, :: self.STEP, 0]
        rows, columns = windows.shape[:2]
        flat = windows.reshape(rows * columns, -1).astype(np.float32) - self.mean
        coded = (flat @ basis @ basis.T + self.mean).reshape(rows, columns, self.SIDE, self.SIDE, 3)
        total, count = np.zeros((height, width, 3), np.float32), np.zeros((height, width, 1), np.float32)
        for dy in range(0, self.SIDE, self.STEP):
            for dx in range(0, self.SIDE, self.STEP):
                part = coded[:, :, dy : dy + self.STEP, dx : dx + self.STEP].transpose(0, 2, 1, 3, 4).reshape(rows * self.STEP, columns * self.STEP, 3)
                total[dy : dy + part.shape[0], dx : dx + part.shape[1]] += part
                count[dy : dy + part.shape[0], dx : dx + part.shape[1]] += 1
        fill = host.copy()
        fill[:height, :width] = np.clip(total / np.maximum(count, 1), 0, 255).astype(np.uint8)
        return fill


def process(host: np.ndarray, rng: random.Random) -> np.ndarray:
    image, (height, width) = Image.fromarray(np.ascontiguousarray(host)), host.shape[:2]
    draw = rng.choice(["resave", "rescale", "denoise", "sharpen", "grain"])
    if draw == "resave":
        y, x = rng.randint(0, 7), rng.randint(0, 7)
        saved = jpeg(Image.fromarray(np.roll(host, (y, x), (0, 1))), rng.randint(35, 75))
        return np.roll(np.asarray(saved), (-y, -x), (0, 1))
    if draw == "rescale":
        factor = rng.choice([rng.uniform(0.45, 0.85), rng.uniform(1.15, 1.7)])
        small = image.resize((max(8, round(width * factor)), max(8, round(height * factor))), Image.BICUBIC)
        return np.asarray(small.resize((width, height), rng.choice([Image.BICUBIC, Image.BILINEAR, Image.LANCZOS])))
    if draw == "denoise":
        return np.asarray(image.filter(rng.choice([ImageFilter.MedianFilter(3), ImageFilter.MedianFilter(5), ImageFilter.GaussianBlur(rng.uniform(0.8, 2.5))])))
    if draw == "sharpen":
        return np.asarray(image.filter(ImageFilter.UnsharpMask(rng.uniform(0.8, 2.5), rng.randint(80, 220), 0)))
    return noisy(host, rng.uniform(3, 9), rng)


def face_blend(host: np.ndarray, rng: random.Random) -> np.ndarray:
    height, width = host.shape[:2]
    scale = rng.uniform(1.0, 1.06)
    fill = _fit(host, height, width, scale, rng.uniform(-0.05, 0.05), rng)
    fill = np.roll(fill, (rng.randint(-3, 3), rng.randint(-3, 3)), (0, 1)).astype(np.float32)
    fill = fill * np.array([rng.uniform(0.9, 1.1) for _ in range(3)]) + rng.uniform(-10, 10)
    fill = np.clip(fill, 0, 255).astype(np.uint8)
    return process(fill, rng) if rng.random() < 0.6 else _history(fill, rng)


def make_edit(host: np.ndarray, kind: str, donor: np.ndarray, coder: PatchCoder, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """The edited picture, uint8 [H, W, 3], and its mask, booleans [H, W]. `donor` serves `splice` alone."""
    height, width = host.shape[:2]
    mask = shape_mask(height, width, rng, centred=kind == "face_blend")
    if kind == "splice":
        fill = splice(host, mask, donor, rng)
    elif kind == "copy_move":
        fill = copy_move(host, mask, rng)
    elif kind == "inpaint":
        fill = inpaint(host, mask, rng)
    elif kind == "resynthesis":
        fill = coder(host, rng)
    elif kind == "process":
        fill = process(host, rng)
    else:
        fill = face_blend(host, rng)
    alpha = mask.astype(np.float32)
    feather = rng.uniform(2, 9) if kind == "face_blend" else 0.0 if rng.random() < 0.35 else rng.uniform(0.5, 3)
    if feather:
        alpha = ndimage.gaussian_filter(alpha, feather)
    edited = host * (1 - alpha[..., None]) + fill * alpha[..., None]
    return np.clip(edited + 0.5, 0, 255).astype(np.uint8), mask
