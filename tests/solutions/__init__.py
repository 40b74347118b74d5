"""The solutions themselves, checked by what we did not write: Keras, SciPy, scikit-learn, closed forms."""

import importlib.util
import sys
from types import ModuleType

from tests.conftest import ROOT


def load_solution(exercise: str) -> ModuleType:
    """The module `solutions/EXERCISE/solution.py`, run in this process."""
    name = f"solution_of_{exercise}"
    spec = importlib.util.spec_from_file_location(name, ROOT / "solutions" / exercise / "solution.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses with postponed annotations look there
    spec.loader.exec_module(module)
    return module
