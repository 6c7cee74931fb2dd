"""What is measured of a clip of at most four seconds. Everything lies within 300-3400 Hz, so that a telephone line takes nothing away, and levels are relative
to the clip itself. The service computes the same figures (`src/detectors/audio/figures`, one file a group); change both, and VERSION, together.

    python3 features.py WORK       # reads clips.npz, writes features.npz
"""

import sys
from pathlib import Path

import numpy as np
from scipy.fft import dct
from scipy.signal import get_window
from scipy.stats import kurtosis, skew

from clips import RATE

VERSION = "telephone-band-1"
FRAME, HOP = 512, 128
LOW, HIGH = int(300 * FRAME / RATE), int(3400 * FRAME / RATE)
BANDS, NARROW_BANDS = 24, 48
BAND_BINS = (HIGH - LOW) // BANDS * BANDS
COEFFICIENTS = 20
MODULATION_SIZE = 1024
"""Longer than the frames of a clip, so that all clips are padded to the same resolution."""


def frames(wave: np.ndarray) -> np.ndarray:
    wave = np.pad(wave, (0, max(0, FRAME - len(wave))))
    count = 1 + (len(wave) - FRAME) // HOP
    return wave[np.arange(FRAME) + HOP * np.arange(count)[:, None]]


def levels(power: np.ndarray, bands: int) -> np.ndarray:
    """Logarithmic power of equally wide bands, frame by frame."""
    return np.log(power[:, LOW : LOW + BAND_BINS].reshape(len(power), bands, -1).mean(2))


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


def phase(spectra: np.ndarray, voiced: np.ndarray) -> list[float]:
    """Change of the phase advance from frame to frame, and group delay, at the strong bins of voiced frames (vocoders rebuild both)."""
    angle = np.angle(spectra)
    advance = np.diff(angle, axis=0)[:, LOW:HIGH] - 2 * np.pi * np.arange(LOW, HIGH) * HOP / FRAME
    acceleration = wrapped(np.diff(advance, axis=0))
    delay = wrapped(np.diff(angle, axis=1)[:, LOW:HIGH] + np.pi)
    power = np.abs(spectra[:, LOW:HIGH]) ** 2
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
    level = np.log(power[:, LOW:HIGH])
    rough = level[:, 1:-1] - (level[:, 2:] + level[:, :-2]) / 2
    steady = rough.mean(0)
    kept = rough[voiced] if voiced.any() else rough
    quiet = rough[~voiced] if (~voiced).any() else rough
    return [kept.std(), quiet.std(), kurtosis(kept, axis=None), skew(kept, axis=None), skew(quiet, axis=None), steady.std(), np.abs(steady).max(), np.diff(level, axis=0).std()]


def groups(wave: np.ndarray) -> dict[str, list[float]]:
    """:param wave: one channel at 16 kHz, trimmed and levelled as in clips.py"""
    spectra = np.fft.rfft(frames(wave.astype(np.float64)) * get_window("hann", FRAME), axis=1)
    power = np.abs(spectra) ** 2 + 1e-10
    wide = levels(power, BANDS)
    loudness = wide.mean(1)
    voiced = loudness > np.quantile(loudness, 0.4)
    cepstra = dct(wide, norm="ortho", axis=1)[:, :COEFFICIENTS]
    return {
        "cepstral": cepstral(cepstra),
        "detail": detail(levels(power, NARROW_BANDS)),
        "modulation": modulation(wide.reshape(len(wide), 4, -1).mean(2), (0.5, 2, 4, 8, 16, 32, 62)),
        "cepstral-modulation": modulation(cepstra[:, :12], (0.5, 4, 12, 24, 45)),
        "phase": phase(spectra, voiced),
        "fine": fine(power, voiced),
    }


def of(wave: np.ndarray) -> np.ndarray:
    """All figures of a clip, group after group."""
    return np.nan_to_num(np.concatenate([*groups(wave).values()]), posinf=0, neginf=0).astype(np.float32)


def main(work: Path) -> None:
    with np.load(work / "clips.npz") as packed:
        np.savez(work / "features.npz", **{key: of(packed[key]) for key in packed.files})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
