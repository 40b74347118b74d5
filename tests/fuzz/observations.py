"""Evidence as a kernel might send it: read without an error, and without the right numbers worth no point."""

import sys
from pathlib import Path

if __name__ == "__main__":  # before anything of the grader is imported, so that atheris can follow it
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.fuzz.engine import fuzz

    fuzz("observations")

from grader.inside.codec import CodecError
from grader.observation import CheckEvidence, Evidence, Returned, read_observations, read_raised
from grader.run import load_error
from tests import toy
from tests.fuzz.engine import any_json


def target(data: bytes) -> None:
    sent = any_json(data)
    payloads = sent if isinstance(sent, list) else [sent]
    load_error(payloads)
    for payload in payloads:
        try:
            read_raised(payload)
        except CodecError:
            continue
    checks = [check.id for check in toy.plan().checks]
    evidence = Evidence({name: CheckEvidence(read_observations(_for(payloads, name), name)) for name in checks})
    seen = evidence.of(checks[0]).observations
    if any(isinstance(observation.outcome, Returned) for observation in seen.values()):
        assert toy.points(toy.assessed(evidence)) == 0, "points without evidence"


def _for(payloads: list, name: str) -> list:
    """The same payloads for every check, so that none has to guess its name."""
    return [payload | {"check": name} if isinstance(payload, dict) else payload for payload in payloads]
