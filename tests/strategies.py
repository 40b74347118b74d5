"""What Hypothesis draws for the tests of the pure layers: values, what a kernel might send, evidence."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.inside.codec import FilePath
from grader.observation import CheckEvidence, Evidence, Late, Missing, NotRun, Observation, Raised, Returned

few = settings(deadline=None, max_examples=15)
some = settings(deadline=None, max_examples=60)

DTYPES = ("?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "U1", "U7")
BIG_ENDIAN = (">i4", ">f4", ">f8", ">c16", ">U3")

def _texts(longest):
    return st.text(st.characters(exclude_characters="\x00"), max_size=longest)  # NumPy drops NULs at the end of texts


texts = _texts(8)
sizes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
arrays = st.sampled_from(DTYPES + BIG_ENDIAN).flatmap(
    lambda dtype: hnp.arrays(dtype, sizes, elements=_texts(int(dtype[-1])) if "U" in dtype else None))
numpy_scalars = st.sampled_from(DTYPES[:-2]).flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda array: array[()])
keys = st.one_of(texts, st.integers(), st.booleans(), st.none(), st.tuples(st.integers(), texts))
atoms = st.one_of(st.none(), st.booleans(), st.integers(), st.integers(-2**4000, 2**4000), st.floats(),
                  st.complex_numbers(), texts, texts.map(FilePath), numpy_scalars, arrays)
values = st.recursive(atoms, lambda inner: st.one_of(
    st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12)

json_atoms = st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=6))
anything_in_json = st.recursive(json_atoms, lambda inner: st.one_of(
    st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)), max_leaves=15)

_dtype_names = st.one_of(st.sampled_from(("<f8", "<f4", "<i8", "|b1", "<U3", "<U0", ">f8", "O", "|O8", "<M8[s]", "V8",
                                          "d", "", ",f8", "f8,f8", "<f3", "<U9999999999")), st.text(max_size=5))
_shapes = st.one_of(st.lists(st.one_of(st.integers(-2, 4), st.sampled_from((2**39, 10**12, 2**64))), max_size=4),
                    anything_in_json)
_bytes = st.one_of(st.sampled_from(("", "AAAAAAAA8D8=", "/////w==", "AAAAAA==", "=", "é")), st.text(max_size=8))


def tagged(inner: st.SearchStrategy) -> st.SearchStrategy:
    """One object with one of the codec's tags, what is inside right or wrong."""
    return st.one_of(
        st.builds(lambda body: {"a": body}, st.one_of(
            st.tuples(_dtype_names, _shapes, _bytes).map(list), inner,
            st.tuples(_dtype_names, _shapes, _bytes,
                      st.sampled_from(("F", "T", "strided", "read-only", "Z"))).map(list))),
        st.builds(lambda body: {"s": body}, st.one_of(st.tuples(_dtype_names, _bytes).map(list), inner)),
        st.builds(lambda body: {"d": body}, st.one_of(st.lists(st.tuples(inner, inner).map(list), max_size=3), inner)),
        st.builds(lambda tag, body: {tag: body}, st.sampled_from("ltcfpoxk"),
                  st.one_of(inner, st.lists(inner, max_size=3))))


almost_encoded = st.recursive(anything_in_json, tagged, max_leaves=8)

errors = st.builds(Raised, st.sampled_from((("builtins.ValueError", "builtins.Exception"), ("builtins.TypeError",), (),
                                            ("builtins.MemoryError",), ("builtins.NotImplementedError",))), texts)
outcomes = st.one_of(values.map(Returned), errors, st.builds(Missing, texts), st.builds(Late), st.builds(NotRun))
observations = st.builds(Observation, outcomes, st.dictionaries(st.sampled_from(["0", "1", "2", "x", "factor"]), values,
                                                                max_size=2))


def evidence_for(plan, endings: st.SearchStrategy) -> st.SearchStrategy:
    """Arbitrary evidence for the checks of a plan: observations at its steps and beyond, or none."""
    return st.fixed_dictionaries({}, optional={
        check.id: st.builds(CheckEvidence, st.dictionaries(st.integers(0, len(check.steps) + 2), observations,
                                                           max_size=6), endings)
        for check in plan.checks}).map(Evidence)


def same(left: object, right: object) -> bool:
    """Equal to the last bit, in type and dtype (but not in byte order); NaN equals NaN."""
    if isinstance(left, np.ndarray | np.generic):
        return (isinstance(right, type(left)) and left.shape == right.shape
                and left.dtype.newbyteorder("=") == right.dtype.newbyteorder("=")
                and left.astype(left.dtype.newbyteorder("<")).tobytes()
                == right.astype(right.dtype.newbyteorder("<")).tobytes())
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return len(left) == len(right) and all(
            same(*pair) for item in zip(left.items(), right.items(), strict=True) for pair in zip(*item, strict=True))
    return repr(left) == repr(right)
