"""What is measured of a clip of at most four seconds: within 300-3400 Hz, where a telephone line takes nothing away, and the same within 300-6900 Hz. Levels are
relative to the clip itself. The service computes the same figures (`src/detectors/audio/figures`, one file a group); change both, and VERSION, together.

    python3 features.py WORK       # reads clips.npz, writes features.npz
"""

import sys
from pathlib import Path

import numpy as np
from scipy.fft import dct
from scipy.signal import get_window
from scipy.stats import kurtosis, skew

from clips import RATE

VERSION = "two-bands-1"
BANDS = {"telephone": (300, 3400), "wide": (300, 6900)}
"""In hertz. The upper one stays clear of where resamplers and codecs of 16 kHz end."""
FRAME, HOP = 512, 128
WIDE_LEVELS, NARROW_LEVELS = 24, 48
COEFFICIENTS = 20
MODULATION_SIZE = 1024
"""Longer than the frames of a clip, so that all clips are padded to the same resolution."""


def frames(wave: np.ndarray) -> np.ndarray:
    wave = np.pad(wave, (0, max(0, FRAME - len(wave))))
    count = 1 + (len(wave) - FRAME) // HOP
    return wave[np.arange(FRAME) + HOP * np.arange(count)[:, None]]


def levels(power: np.ndarray, count: int) -> np.ndarray:
    """Logarithmic power of equally wide groups of bins, frame by frame."""
    used = power.shape[1] // NARROW_LEVELS * NARROW_LEVELS
    return np.log(power[:, :used].reshape(len(power), count, -1).mean(2))


def cepstral(cepstra: np.ndarray) -> list[float]:
    """Linear-frequency cepstra: mean-free, since the mean is the microphone; deviations and the deviations of their first and second differences."""
    first, second = np.diff(cepstra, axis=0), np.diff(cepstra, n=2, axis=0)
    spread = cepstra.std(0) + 1e-6
    return [*spread, *(first.std(0) / spread), *(second.std(0) / spread), *kurtosis(first), *skew(cepstra)]


def detail(narrow: np.ndarray) -> list[float]:
    """The cepstra above those, of narrower bands: pitch and its ripple over the spectrum."""
    cepstra = dct(narrow, norm="ortho", axis=1)[:, COEFFICIENTS:]
    spread = cepstra.std(0) + 1e-6
    return [*spread, *(np.diff(cepstra, axis=0).std(0) / spread)]


def modulation(tracks: np.ndarray, edges: tuple[float, ...]) -> list[float]:
    """How much of the movement of each track is slow, syllabic, rough or faster: shares of the ranges between the edges, in hertz."""
    spectrum = np.abs(np.fft.rfft(tracks - tracks.mean(0), n=MODULATION_SIZE, axis=0)) ** 2
    hertz = np.fft.rfftfreq(MODULATION_SIZE, HOP / RATE)
    power = np.stack([spectrum[(hertz >= a) & (hertz < b)].sum(0) for a, b in zip(edges, edges[1:])])
    return [*np.log(power / (power.sum(0) + 1e-12) + 1e-6).ravel()]


def phase(angle: np.ndarray, power: np.ndarray, voiced: np.ndarray, low: int) -> list[float]:
    """Change of the phase advance from frame to frame, and group delay, at the strong bins of voiced frames (vocoders rebuild both).

    :param angle: of one bin more than there are powers
    """
    advance = np.diff(angle, axis=0)[:, :-1] - 2 * np.pi * np.arange(low, low + power.shape[1]) * HOP / FRAME
    acceleration = wrapped(np.diff(advance, axis=0))
    delay = wrapped(np.diff(angle, axis=1) + np.pi)
    strong = power > np.quantile(power, 0.8, axis=1, keepdims=True)
    out: list[float] = []
    for values, keep in (
        (acceleration, strong[2:] & voiced[2:, None]),
        (delay, strong & voiced[:, None]),
        (delay, ~strong & voiced[:, None]),
        (delay, np.broadcast_to(~voiced[:, None], strong.shape)),
    ):
        kept = values[keep] if keep.any() else np.zeros(2)
        vector = np.exp(1j * kept)
        out += [np.abs(vector.mean()), np.abs((vector**2).mean()), np.abs(kept).mean(), kept.std(), kurtosis(kept)]
    return out


def wrapped(angle: np.ndarray) -> np.ndarray:
    return angle - 2 * np.pi * np.round(angle / (2 * np.pi))


def fine(power: np.ndarray, voiced: np.ndarray) -> list[float]:
    """Between neighbouring bins: harmonic contrast, and lines that stay where they are all along (traces of up-sampling)."""
    level = np.log(power)
    rough = level[:, 1:-1] - (level[:, 2:] + level[:, :-2]) / 2
    steady = rough.mean(0)
    kept = rough[voiced] if voiced.any() else rough
    quiet = rough[~voiced] if (~voiced).any() else rough
    return [kept.std(), quiet.std(), kurtosis(kept, axis=None), skew(kept, axis=None), skew(quiet, axis=None), steady.std(), np.abs(steady).max(), np.diff(level, axis=0).std()]


def groups(wave: np.ndarray, band: str) -> dict[str, list[float]]:
    """The figures of one of the BANDS.

    :param wave: one channel at 16 kHz, trimmed and levelled as in clips.py
    """
    low, high = (int(hertz * FRAME / RATE) for hertz in BANDS[band])
    spectra = np.fft.rfft(frames(wave.astype(np.float64)) * get_window("hann", FRAME), axis=1)[:, low : high + 1]
    power = np.abs(spectra[:, :-1]) ** 2 + 1e-10
    wide = levels(power, WIDE_LEVELS)
    loudness = wide.mean(1)
    voiced = loudness > np.quantile(loudness, 0.4)
    cepstra = dct(wide, norm="ortho", axis=1)[:, :COEFFICIENTS]
    return {
        "cepstral": cepstral(cepstra),
        "detail": detail(levels(power, NARROW_LEVELS)),
        "modulation": modulation(wide.reshape(len(wide), 4, -1).mean(2), (0.5, 2, 4, 8, 16, 32, 62)),
        "cepstral-modulation": modulation(cepstra[:, :12], (0.5, 4, 12, 24, 45)),
        "phase": phase(np.angle(spectra), power, voiced, low),
        "fine": fine(power, voiced),
    }


def of(wave: np.ndarray) -> np.ndarray:
    """All figures of a clip, band after band and group after group."""
    values = np.concatenate([row for band in BANDS for row in groups(wave, band).values()])
    return np.nan_to_num(values, posinf=0, neginf=0).astype(np.float32)


def columns(*bands: str) -> np.ndarray:
    """Where the figures of these bands are in what `of` returns."""
    sizes = {band: sum(map(len, groups(np.random.default_rng(0).normal(size=RATE), band).values())) for band in BANDS}
    ends = dict(zip(sizes, np.cumsum([*sizes.values()])))
    return np.concatenate([np.arange(ends[band] - sizes[band], ends[band]) for band in bands])


def main(work: Path) -> None:
    with np.load(work / "clips.npz") as packed:
        np.savez(work / "features.npz", **{key: of(packed[key]) for key in packed.files})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
