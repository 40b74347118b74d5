"""What one cold grade costs, against plain Python running the same code: ratios from one session, runs alternating.

    python benchmarks/cold.py [--runs 5] [--exercises exercise_03 exercise_17]

Plain means one process without any isolation that imports TensorFlow (for a Keras exercise), runs the solution, and
makes the very calls that the checks make (the probe, in process). The reference's observations are cached before.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = """
import json, os, sys
request = json.load(open(sys.argv[1]))
if request["keras"]:
    import tensorflow
sys.path[:0] = request["path"]
import probe
probe.attach({})
probe.handle({"op": "load", "name": request["name"], "source": request["source"]}, lambda payload: None)
for check in request["checks"]:
    probe.handle(check, lambda payload: None)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--exercises", nargs="+", default=["exercise_03", "exercise_05", "exercise_11", "exercise_17",
                                                            "exercise_19"])
    chosen = options.parse_args()
    print(f"{'command':<34}{'median s':>10}{'min s':>10}{'max s':>10}{'ratio':>8}")
    show("grade --help", [seconds(grade("--help")) for _ in range(chosen.runs + 1)][1:])
    for exercise in chosen.exercises:
        compare(exercise, chosen.runs)


def compare(exercise: str, runs: int) -> None:
    """Time a cold grade of the solution and the same code in a plain process, in turn."""
    solution = str(ROOT / "solutions" / exercise / "solution.py")
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder, "request.json")
        request.write_text(json.dumps(plain_request(exercise)))
        (Path(folder) / "data").symlink_to(ROOT / "exercises" / exercise / "data")
        plain = [sys.executable, "-c", PLAIN, str(request)]
        seconds(grade(exercise, solution), folder)
        pairs = [(seconds(plain, folder), seconds(grade(exercise, solution), folder)) for _ in range(runs)]
    show(f"plain python  {exercise}", [pair[0] for pair in pairs])
    show(f"grade         {exercise}", [pair[1] for pair in pairs],
         statistics.median(pair[1] / pair[0] for pair in pairs))


def plain_request(exercise_id: str) -> dict[str, object]:
    from grader.catalog import INSIDE, find_course, load_exercise
    from grader.plan import probe_request

    exercise = load_exercise(find_course(ROOT), exercise_id)
    plan = exercise.plan(0)
    return {"name": exercise_id, "source": exercise.solution.read_text(encoding="utf-8"),
            "keras": exercise.spec.kind == "keras", "path": [str(INSIDE), str(exercise.folder)],
            "checks": [probe_request(check, 0, exercise.spec.limits.call_s) for check in plan.checks]}


def grade(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("grade")), *arguments]


def seconds(command: list[str], folder: str | None = None) -> float:
    """Wall-clock seconds of a command; its output is thrown away, its failure is not."""
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    if command[0].endswith("grade") and "--help" not in command:
        command = [*command, "--course", str(ROOT), "-q"]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder or ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def show(name: str, times: list[float], ratio: float | None = None) -> None:
    print(f"{name:<34}{statistics.median(times):>10.2f}{min(times):>10.2f}{max(times):>10.2f}"
          + (f"{ratio:>8.2f}" if ratio else ""), flush=True)


if __name__ == "__main__":
    main()
