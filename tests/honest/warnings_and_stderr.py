"""Noise: Python warnings, numpy's RuntimeWarnings, logging, stderr; before the answers, in them and after them."""
# %%
import logging
import sys
import warnings

import numpy as np

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("homework")
log.warning("과제 3 시작")
print("NumPy", np.__version__, file=sys.stderr)
warnings.warn("DeprecationWarning: 이 노트북은 오래되었습니다", DeprecationWarning)
warnings.warn("careful", UserWarning)
np.seterr(all="warn")
np.random.seed(42)

# %% numpy warns of all of these
print(np.log(np.array([0.0, -1.0])), np.array([0.0]) / 0, np.exp(np.array([1000.0])), np.float32(1e38) * np.float32(10))
print(np.array([200], dtype="uint8") + np.array([100], dtype="uint8"), np.mean([]))

# %% answers
# %% every call says what it does, and warns
def noisy(function):
    def wrapper(*args, **kwargs):
        log.debug("%s was called", function.__name__)
        print("called", function.__name__, file=sys.stderr)
        sys.stderr.write("\x1b[33mWARNING:\x1b[0m not yet checked\n")
        warnings.warn(f"{function.__name__} is slow", RuntimeWarning)
        np.log(np.zeros(3)) - np.log(np.zeros(3))
        np.random.seed(0)
        result = function(*args, **kwargs)
        log.info("-> %s", np.shape(result))
        return result
    return wrapper


softmax, cross_entropy, binary_cross_entropy = noisy(softmax), noisy(cross_entropy), noisy(binary_cross_entropy)
cross_entropy_from_logits, grad_logits = noisy(cross_entropy_from_logits), noisy(grad_logits)

# %% the formula that overflows, for comparison with the right one
z = np.array([[1000.0, 1000.0, -1000.0], [1.0, 2.0, 3.0]])
naive = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
print(naive, softmax(z))
try:
    1 / 0
except ZeroDivisionError:
    log.exception("as expected")
    import traceback
    traceback.print_exc()

# %%
warnings.filterwarnings("ignore")
warnings.filterwarnings("error", category=SyntaxWarning)
logging.captureWarnings(True)
logging.getLogger().addHandler(logging.FileHandler("homework.log"))
logging.getLogger("matplotlib").setLevel(logging.DEBUG)
np.seterr(over="raise")
