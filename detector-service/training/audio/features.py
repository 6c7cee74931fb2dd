"""What is measured of a clip. Everything lies within 300-3400 Hz, so that a telephone line takes nothing away; levels are relative to the clip itself.

    python3 features.py WORK       # reads clips.npz, writes features.npz
"""

import sys
from pathlib import Path

import numpy as np
from scipy.fft import dct
from scipy.signal import lfilter
from scipy.stats import kurtosis, skew

from clips import RATE

FRAME, HOP = 512, 128
LOW, HIGH = int(300 * FRAME / RATE), int(3400 * FRAME / RATE)
BANDS = 24
COEFFICIENTS = 20


def frames(wave: np.ndarray, size: int, hop: int) -> np.ndarray:
    count = max(1, 1 + (len(wave) - size) // hop)
    wave = np.pad(wave, (0, max(0, size - len(wave))))
    return wave[np.arange(size) + hop * np.arange(count)[:, None]]


def summary(values: np.ndarray) -> list[float]:
    return [*values.mean(0), *values.std(0)]


def cepstral(log_bands: np.ndarray) -> list[float]:
    """Linear-frequency cepstra: mean-free, since the mean is the microphone; deviations and the deviations of their first and second differences."""
    cepstra = dct(log_bands, norm="ortho", axis=1)[:, :COEFFICIENTS]
    first, second = np.diff(cepstra, axis=0), np.diff(cepstra, n=2, axis=0)
    spread = cepstra.std(0) + 1e-6
    return [*spread, *(first.std(0) / spread), *(second.std(0) / spread), *kurtosis(first), *skew(cepstra)]


def modulation(log_bands: np.ndarray) -> list[float]:
    """How much of the movement of each quarter of the band is slow, syllabic, rough or faster."""
    quarters = log_bands.reshape(len(log_bands), 4, -1).mean(2)
    spectrum = np.abs(np.fft.rfft(quarters - quarters.mean(0), n=1024, axis=0)) ** 2
    hertz = np.fft.rfftfreq(1024, HOP / RATE)
    edges = (0.5, 2, 4, 8, 16, 32, 62)
    power = np.stack([spectrum[(hertz >= a) & (hertz < b)].sum(0) for a, b in zip(edges, edges[1:])])
    return [*np.log(power / power.sum(0) + 1e-6).ravel()]


def phase(spectra: np.ndarray, voiced: np.ndarray) -> list[float]:
    """Deviation of the phase advance from that of steady tones, and group delay, at the strong bins of voiced frames (vocoders rebuild both)."""
    angle = np.angle(spectra)
    bins = np.arange(LOW, HIGH)
    advance = np.diff(angle, axis=0)[:, LOW:HIGH] - 2 * np.pi * bins * HOP / FRAME
    advance = np.angle(np.exp(1j * advance))
    acceleration = np.angle(np.exp(1j * np.diff(advance, axis=0)))
    delay = np.angle(np.exp(1j * (np.diff(angle, axis=1)[:, LOW:HIGH] + np.pi)))
    power = np.abs(spectra[:, LOW:HIGH])
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


def excitation(wave: np.ndarray) -> list[float]:
    """Linear-prediction residual of voiced frames: peakiness, and how regular pitch and strength of the pulses are."""
    rows = frames(wave, 800, 240)
    energy = (rows**2).mean(1)
    keep = np.flatnonzero(energy > np.quantile(energy, 0.5))
    peaks, lags, crests, tilts, skews = [], [], [], [], []
    for row in rows[keep] * np.hanning(800):
        auto = np.fft.irfft(np.abs(np.fft.rfft(row, 2048)) ** 2)[:900] + 1e-12
        coefficients = levinson(auto[:17])
        residual = lfilter(coefficients, [1.0], row)
        r = np.fft.irfft(np.abs(np.fft.rfft(residual, 2048)) ** 2)
        lag = 40 + int(np.argmax(r[40:280]))
        peaks.append(r[lag] / (r[0] + 1e-12))
        lags.append(lag)
        crests.append(kurtosis(residual))
        skews.append(skew(residual))
        tilts.append(coefficients[1])
    peaks, lags = np.array(peaks), np.array(lags, float)
    jumps = np.abs(np.diff(np.log(lags)))
    jumps = jumps[jumps < 0.15] if (jumps < 0.15).any() else np.zeros(1)
    return [
        *np.quantile(peaks, (0.1, 0.5, 0.9)),
        *np.quantile(crests, (0.1, 0.5, 0.9)),
        abs(np.mean(skews)),
        np.std(skews),
        np.log(jumps.mean() + 1e-4),
        np.mean(np.abs(np.diff(peaks))),
        np.std(tilts),
        np.std(np.log(lags)),
    ]


def levinson(auto: np.ndarray) -> np.ndarray:
    order = len(auto) - 1
    a, error = np.zeros(order + 1), auto[0] * 1.0001
    a[0] = 1
    for i in range(1, order + 1):
        k = -(auto[i] + a[1:i] @ auto[i - 1 : 0 : -1]) / error
        a[1 : i + 1] = np.r_[a[1:i] + k * a[i - 1 : 0 : -1], k]
        error *= 1 - k * k
    return a


def floor(log_bands: np.ndarray) -> list[float]:
    """How deep the pauses and the valleys between harmonics are against the clip's own loudness, band by band."""
    groups = log_bands.reshape(len(log_bands), 6, -1).mean(2)
    top = np.quantile(groups, 0.95, axis=0)
    depth = [np.quantile(groups, q, axis=0) - top for q in (0.05, 0.25, 0.5)]
    return [*np.concatenate(depth)]


def fine(power: np.ndarray, voiced: np.ndarray) -> list[float]:
    """Between neighbouring bins: harmonic contrast, and lines that stay where they are all along (traces of up-sampling)."""
    level = np.log(power[:, LOW:HIGH] + 1e-9)
    rough = level[:, 1:-1] - (level[:, 2:] + level[:, :-2]) / 2
    steady = rough.mean(0)
    kept = rough[voiced] if voiced.any() else rough
    quiet = rough[~voiced] if (~voiced).any() else rough
    return [kept.std(), quiet.std(), kurtosis(kept, axis=None), skew(kept, axis=None), skew(quiet, axis=None), steady.std(), np.abs(steady).max(), np.diff(level, axis=0).std()]


def of(wave: np.ndarray) -> np.ndarray:
    wave = wave.astype(np.float64)
    spectra = np.fft.rfft(frames(wave, FRAME, HOP) * np.hanning(FRAME), axis=1)
    power = np.abs(spectra) ** 2 + 1e-10
    width = (HIGH - LOW) // BANDS
    bands = np.log(power[:, LOW : LOW + width * BANDS].reshape(len(power), BANDS, width).mean(2))
    loudness = bands.mean(1)
    voiced = loudness > np.quantile(loudness, 0.4)
    row = np.array([*cepstral(bands), *modulation(bands), *phase(spectra, voiced), *excitation(wave), *floor(bands), *fine(power, voiced)])
    return np.nan_to_num(row, posinf=0, neginf=0).astype(np.float32)


def main(work: Path) -> None:
    measured = {}
    with np.load(work / "clips.npz") as packed:
        for key in packed.files:
            measured[key] = of(packed[key])
    np.savez(work / "features.npz", **measured)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
