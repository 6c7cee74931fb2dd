"""Speech clips, and the path that both classes go through alike: silence trimmed, loudness levelled, then one of three channels.

    python3 clips.py DATA WORK      # DATA holds manifest.csv, WORK gets clips.npz
"""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE = 16_000
SECONDS = 4.0
CHANNELS = ("clean", "mp3", "telephone")
LOUDNESS = 0.05
"""Root mean square of the voiced part after levelling."""


def rows(data: Path) -> list[dict]:
    with open(data / "manifest.csv", newline="") as file:
        return list(csv.DictReader(file))


def trimmed(wave: np.ndarray) -> np.ndarray:
    """Without leading and trailing silence: synthesis systems differ from recordings in it, and it is no trait of the voice."""
    frame = RATE // 100
    power = (wave[: len(wave) // frame * frame].reshape(-1, frame) ** 2).mean(1)
    loud = np.flatnonzero(power > power.max() * 1e-3)
    return wave[loud[0] * frame : (loud[-1] + 1) * frame]


def levelled(wave: np.ndarray) -> np.ndarray:
    frame = RATE // 50
    power = (wave[: len(wave) // frame * frame].reshape(-1, frame) ** 2).mean(1)
    voiced = power[power > power.max() * 1e-2]
    return wave * (LOUDNESS / np.sqrt(voiced.mean()))


def through_mp3(wave: np.ndarray) -> np.ndarray:
    return _decoded(_ffmpeg(wave, ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3", "-"]), "mp3", len(wave))


def through_telephone(wave: np.ndarray) -> np.ndarray:
    """300-3400 Hz at 8 kHz with mu-law companding (ITU-T G.711), back at 16 kHz."""
    narrow = resample_poly(wave, 1, 2)
    narrow = sosfiltfilt(butter(4, (300, 3400), "bandpass", fs=RATE // 2, output="sos"), narrow)
    peak = np.abs(narrow).max() + 1e-9
    x = np.clip(narrow / peak, -1, 1)
    code = np.round(np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256) * 127) / 127
    return resample_poly(np.sign(code) * (256 ** np.abs(code) - 1) / 255 * peak, 2, 1)[: len(wave)]


def _ffmpeg(wave: np.ndarray, output: list[str]) -> bytes:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0", *output]
    return subprocess.run(command, input=wave.astype("<f4").tobytes(), capture_output=True, check=True).stdout


def _decoded(coded: bytes, form: str, length: int) -> np.ndarray:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", form, "-i", "pipe:0", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-"]
    raw = subprocess.run(command, input=coded, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<f4")[:length].astype(np.float64)


def channelled(wave: np.ndarray, channel: str) -> np.ndarray:
    through = {"clean": lambda w: w, "mp3": through_mp3, "telephone": through_telephone}[channel](wave)
    return levelled(through)


def load(data: Path, row: dict) -> np.ndarray:
    wave, rate = soundfile.read(data / row["file"])
    assert rate == RATE, row["file"]
    return levelled(trimmed(wave))[: int(SECONDS * RATE)]


def pack(data: Path, work: Path) -> None:
    """Every clip in every channel as floats, keyed `index/channel`."""
    packed = {}
    for index, row in enumerate(rows(data)):
        wave = load(data, row)
        for channel in CHANNELS:
            packed[f"{index}/{channel}"] = channelled(wave, channel).astype(np.float32)
    work.mkdir(parents=True, exist_ok=True)
    np.savez(work / "clips.npz", **packed)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
