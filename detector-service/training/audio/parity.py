"""What the service has to reproduce of a sound: its figures, and what the shipped heads answer to them.

    npx tsx scripts/write-parity-signal.ts signal.wav        # in detector-service
    python3 parity.py signal.wav WORK > ../../test/fixtures/speech-figures.json
"""

import json
import sys
from pathlib import Path

import features
import numpy as np
from clips import load
from head import Head
from protocol import uses


def main(wav: Path, work: Path) -> None:
    figures = features.of(load(wav.parent, {"file": wav.name}))
    calibrations = json.loads((work / "measured.json").read_text())["calibrations"]

    def answer(use: str) -> dict:
        head, calibration = Head.stored(work / f"head-{use}.npz"), calibrations[use]
        row = figures[None, uses()[use].columns]
        logit = head.logit(row)[0] / calibration["temperature"] + calibration["bias"]
        return {"logit": round(float(logit), 6), "strangeness": round(float(head.strangeness(row)[0]), 6)}

    print(
        json.dumps({"features": features.VERSION, "wide": answer("wide"), "telephone": answer("telephone"), "figures": [float(f"{value:.8g}") for value in figures]})
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
