"""Speech clips, and the path that both classes go through alike: silence trimmed, loudness levelled, then one of five channels.

    python3 clips.py DATA WORK      # DATA holds manifest.csv, WORK gets clips.npz
"""

import csv
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfiltfilt

RATE = 16_000
SECONDS = 4
CHANNELS = ("clean", "mp3", "telephone", "voice-message", "noise")
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


def through_voice_message(wave: np.ndarray) -> np.ndarray:
    """Opus at 16 kbit/s in its mode for speech, as messengers send it."""
    coded = _ffmpeg(wave, ["-c:a", "libopus", "-b:a", "16k", "-application", "voip", "-f", "ogg", "-"])
    return _decoded(coded, "ogg", len(wave))


def with_noise(wave: np.ndarray) -> np.ndarray:
    """Pink noise 20 dB below the speech, the same for equal samples."""
    random = np.random.default_rng(zlib.crc32(wave.astype("<f4").tobytes()))
    spectrum = np.fft.rfft(random.normal(size=len(wave)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, len(wave))
    return wave + noise * (LOUDNESS / 10 / noise.std())


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
    through = {
        "clean": lambda w: w,
        "mp3": through_mp3,
        "telephone": through_telephone,
        "voice-message": through_voice_message,
        "noise": with_noise,
    }
    return levelled(through[channel](wave))


def load(data: Path, row: dict) -> np.ndarray:
    """As the service cuts its windows: of what is left without silence at the ends the first four seconds, without silence at their ends."""
    wave, rate = soundfile.read(data / row["file"])
    if rate != RATE or wave.ndim != 1:
        raise SystemExit(f"Expected one channel at {RATE} Hz in {row['file']} but it has {wave.ndim} dimension(s) at {rate} Hz; convert it first.")
    return levelled(trimmed(trimmed(wave)[: int(SECONDS * RATE)]))


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
