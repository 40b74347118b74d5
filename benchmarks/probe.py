"""Where the seconds of a grade's own code go: one exercise's solution and the steps of its checks, in a plain process.

    python benchmarks/probe.py [EXERCISE…] [--runs 3] [--top 15] [--submission FILE]

No kernel, no isolation, and for a Keras exercise TensorFlow is imported before the clock starts: what remains is the
submission's own code and the checks' observations of it, which no faster kernel can take away. Every run is a process
of its own; the times shown are those of the fastest.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from cold import ROOT, plain_request

TIMED = """
import json, os, sys, time
request = json.load(open(sys.argv[1]))
if request["keras"]:
    import keras
    import tensorflow
sys.path[:0] = request["path"]
import probe
probe.attach({})

def clocked(name, work, *arguments):
    wall, used = time.perf_counter(), time.process_time()
    answer = work(*arguments)
    return answer, [name, time.perf_counter() - wall, time.process_time() - used]

def observe(step, *rest, work=probe._observe):
    observation, times = clocked(f"{step['do']} {step['name'].rpartition('.')[2]}", work, step, *rest)
    steps.append([checks[-1], *times])
    return observation

checks, seconds, steps, probe._observe = [], [], [], observe
load = {"check": "(the submission's own code)", "op": "load", "name": request["name"], "source": request["source"]}
for asked in [load, *request["checks"]]:
    checks.append(asked["check"])
    seconds.append(clocked(asked["check"], probe.handle, asked, lambda payload: None)[1])
json.dump({"seconds": seconds, "steps": steps}, open(sys.argv[2], "w"))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("exercises", nargs="*", metavar="EXERCISE",
                         default=["exercise_17", "exercise_19", "exercise_20"])
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--top", type=int, default=15)
    options.add_argument("--submission", type=Path, help="A module to run in place of the solution.")
    chosen = options.parse_args()
    for exercise in chosen.exercises:
        request = plain_request(exercise)
        if chosen.submission:
            request["source"] = chosen.submission.read_text(encoding="utf-8")
        runs = [timed_run(exercise, request) for _ in range(chosen.runs)]
        show(exercise, min(runs, key=total), [total(run) for run in runs], chosen.top)


def timed_run(exercise: str, request: dict[str, object]) -> dict[str, list[list]]:
    """Seconds of every check and of every step, from a process of its own."""
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "request.json"), Path(folder, "times.json")
        asked.write_text(json.dumps(request))
        (Path(folder) / "data").symlink_to(ROOT / "exercises" / exercise / "data")
        subprocess.run([sys.executable, "-c", TIMED, str(asked), str(told)], cwd=folder, env=environment, check=True,
                       capture_output=True)
        return json.loads(told.read_text())


def total(run: dict[str, list[list]]) -> float:
    return sum(wall for _, wall, _ in run["seconds"])


def show(exercise: str, run: dict[str, list[list]], totals: list[float], top: int) -> None:
    print(f"\n{exercise}: {min(totals):.2f} s (runs: {', '.join(f'{seconds:.2f}' for seconds in totals)}), "
          f"CPU {sum(used for _, _, used in run['seconds']):.2f} s")
    print(f"{'':<34}{'wall s':>10}{'CPU s':>10}")
    for check, wall, used in run["seconds"]:
        print(f"{check:<34}{wall:>10.3f}{used:>10.3f}")
    kinds: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
    for check, step, wall, used in run["steps"]:
        kinds[check, step].append([wall, used])
    print(f"{'step':<34}{'wall s':>10}{'CPU s':>10}{'times':>10}  check")
    for (check, step), taken in sorted(kinds.items(), key=lambda item: -sum(used for _, used in item[1]))[:top]:
        wall, used = map(sum, zip(*taken, strict=True))
        print(f"{step:<34}{wall:>10.3f}{used:>10.3f}{len(taken):>10}  {check}", flush=True)


if __name__ == "__main__":
    main()
