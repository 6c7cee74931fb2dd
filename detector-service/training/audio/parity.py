"""What the service has to reproduce of a sound: its figures, and the shipped head's answer to them.

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


def main(wav: Path, work: Path) -> None:
    figures = features.of(load(wav.parent, {"file": wav.name}))
    head = Head.__new__(Head)
    with np.load(work / "head.npz") as stored:
        vars(head).update({name: stored[name] for name in stored.files})
    answer = {
        "features": features.VERSION,
        "logit": round(float(head.logit(figures[None])[0]), 6),
        "strangeness": round(float(head.strangeness(figures[None])[0]), 6),
        "figures": [float(f"{value:.8g}") for value in figures],
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
