"""The codec: every value there and back, no value of its own where none was sent, nothing allocated on a promise."""

import json
import tracemalloc
from collections import OrderedDict, namedtuple
from enum import Enum, IntEnum
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from hypothesis import given

from grader.inside import codec
from grader.inside.codec import CodecError, FilePath, Laid, Opaque, decode, encode
from tests.conftest import shown
from tests.strategies import almost_encoded, anything_in_json, arrays, few, same, some, values


def there_and_back(value):
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


# --- there and back ------------------------------------------------------------------------------------------------

@some
@given(values)
def test_every_value_comes_back_as_it_was(value):
    assert same(value, there_and_back(value))


@some
@given(arrays)
def test_arrays_come_back_in_every_dtype_and_shape(array):
    assert same(array, there_and_back(array))


@pytest.mark.parametrize("array", [
    np.arange(12.0).reshape(3, 4).T, np.arange(12.0)[::-2], np.asfortranarray(np.ones((2, 3))),
    np.broadcast_to(np.float32(2), (2, 2)), np.zeros((0, 3)), np.array(1.5), np.arange(3, dtype=">i8"),
    np.array(["가", ""]), np.float64(-0.0), np.array([np.nan, -np.inf])], ids=shown)
def test_memory_layout_and_byte_order_do_not_matter(array):
    assert same(array, there_and_back(array))


def test_integers_beyond_64_bits_are_exact():
    assert there_and_back(-(2**4000) - 1) == -(2**4000) - 1


def test_an_array_of_text_objects_is_an_array_of_text():
    assert same(np.array(["a", "bcd"]), there_and_back(np.array(["a", "bcd"], dtype=object)))


def test_what_decodes_may_be_written_to():
    array = there_and_back(np.zeros(3))
    array[0] = 1
    assert array[0] == 1


def test_paths_are_told_from_texts():
    assert isinstance(there_and_back(PurePosixPath("a/b")), FilePath)
    assert there_and_back(Path("a/b")) == "a/b"
    assert type(there_and_back("a/b")) is str


def test_subclasses_of_plain_types_travel_as_plain_types():
    colour, number = Enum("Colour", [("RED", "red")], type=str), IntEnum("Number", [("TWO", 2)])
    point = namedtuple("point", "x y")
    assert same(["red", 2, (1, 2.0), {"k": 1}],
                there_and_back([colour.RED, number.TWO, point(1, 2.0), OrderedDict(k=1)]))


def test_tensors_and_series_travel_as_arrays():
    class Series:
        def __array__(self, dtype=None, copy=None):
            return np.array([1.0, 2.0])

    assert same(np.array([1.0, 2.0]), there_and_back(Series()))


@pytest.mark.parametrize("value",
                         [object(), {1}, b"bytes", lambda: 0, np.datetime64("2020-01-01"), np.zeros(2, "i4,f8"),
                                   np.array([1, None], dtype=object), range(3), iter([])], ids=shown)
def test_of_any_other_object_only_the_class_is_told(value):
    assert isinstance(there_and_back(value), Opaque)


@pytest.mark.parametrize("layout", ["F", "T", "strided", "read-only"])
def test_laid_arrays_arrive_in_their_layout(layout):
    values = np.arange(6.0).reshape(2, 3)
    array = there_and_back(Laid(values, layout))
    assert np.array_equal(array, values)
    assert {"F": array.flags.f_contiguous, "T": array.flags.f_contiguous and not array.flags.owndata,
            "strided": not array.flags.contiguous, "read-only": not array.flags.writeable}[layout]


# --- encode never raises -------------------------------------------------------------------------------------------

class _RaisesEverywhere:
    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None

    def __len__(self):
        raise RuntimeError

    def __iter__(self):
        raise RuntimeError

    def __reduce__(self):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError


class _RaisingClass:
    @property
    def __class__(self):
        raise RuntimeError


def _liar(kind):
    return type("Liar", (), {"__class__": kind})()


class _ArrayOfTheWrongKind:
    def __array__(self, dtype=None, copy=None):
        return "no array"


class _ArrayThatRaises:
    def __array__(self, dtype=None, copy=None):
        raise MemoryError


class _ListThatRaises(list):
    def __iter__(self):
        raise RuntimeError


class _LongerThanItSays(list):
    def __len__(self):
        return 0


class _DictThatRaises(dict):
    def items(self):
        raise RuntimeError


class _TextThatRaises(str):
    def __str__(self):
        raise RuntimeError


class _IntThatRaises(int):
    def __int__(self):
        raise RuntimeError

    def bit_length(self):
        return 1


class _FloatThatRaises(float):
    def __float__(self):
        raise RuntimeError


class _PathThatRaises:
    def __fspath__(self):
        raise RuntimeError


class _ArrayWithAFalseShape(np.ndarray):
    shape = property(lambda self: (10**12,))


class _Nameless(type):
    def __getattribute__(cls, name):
        raise RuntimeError


HOSTILE = {
    "raises everywhere": _RaisesEverywhere(), "class raises": _RaisingClass(), "array is text": _ArrayOfTheWrongKind(),
    "array raises": _ArrayThatRaises(), "list raises": _ListThatRaises([1]), "list lies": _LongerThanItSays([1]),
    "dict raises": _DictThatRaises(a=1), "text raises": _TextThatRaises("x"), "int raises": _IntThatRaises(3),
    "float raises": _FloatThatRaises(1.5), "path raises": _PathThatRaises(),
    "false shape": np.zeros(2).view(_ArrayWithAFalseShape), "nameless": _Nameless("N", (), {})(),
    **{f"says it is {kind.__name__}": _liar(kind)
       for kind in (bool, int, float, complex, str, list, tuple, dict, np.ndarray, np.float64, FilePath, Laid, Opaque)}}


@pytest.mark.parametrize("name", HOSTILE)
def test_encoding_a_hostile_object_gives_data_that_decodes(name):
    decode(json.loads(json.dumps(encode(HOSTILE[name]))))


def test_a_hostile_object_spoils_only_its_own_place():
    assert there_and_back([1, _RaisesEverywhere(), 2])[::2] == [1, 2]


def test_a_list_that_holds_itself_ends():
    endless = []
    endless.append(endless)
    assert there_and_back(endless)


def test_an_endless_list_is_cut(monkeypatch):
    class Endless(list):
        def __iter__(self):
            while True:
                yield 0

    monkeypatch.setattr(codec, "MAX_NODES", 100)
    found = there_and_back(Endless())
    assert len(found) <= 101 and isinstance(found[-1], Opaque)


def test_an_array_larger_than_a_message_is_not_copied(monkeypatch):
    monkeypatch.setattr(codec, "MAX_BYTES", 2**20)
    tracemalloc.start()
    try:
        assert isinstance(there_and_back(np.broadcast_to(1.0, 2**20)), Opaque)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_an_integer_of_a_million_digits_is_not_sent():
    assert isinstance(there_and_back(2**3_000_000), Opaque)


# --- decode raises CodecError, nothing else ------------------------------------------------------------------------

def decodes_or_complains(data):
    try:
        decode(data)
    except CodecError:
        return


@some
@given(anything_in_json)
def test_any_json_decodes_or_is_a_codec_error(data):
    decodes_or_complains(data)


@some
@given(almost_encoded)
def test_data_with_the_right_tags_decodes_or_is_a_codec_error(data):
    decodes_or_complains(data)


BROKEN = {
    "claimed size": {"a": ["<f8", [10**12], ""]},
    "claimed size of nothing": {"a": ["<U0", [10**12], ""]},
    "empty, yet huge": {"a": ["<f8", [0, 2**39, 2**39, 2**39], ""]},
    "negative size": {"a": ["<f8", [-1], "AAAAAAAA8D8="]},
    "two negative sizes": {"a": ["<f8", [-1, -1], "AAAAAAAA8D8="]},
    "size is true": {"a": ["<f8", [True], "AAAAAAAA8D8="]},
    "size is a fraction": {"a": ["<f8", [1.0], "AAAAAAAA8D8="]},
    "too many dimensions": {"a": ["<f8", [1] * 65, "AAAAAAAA8D8="]},
    "too few bytes": {"a": ["<f8", [2], "AAAAAAAA8D8="]},
    "too many bytes": {"a": ["<f8", [], "AAAAAAAA8D8AAAAAAADwPw=="]},
    "object dtype": {"a": ["|O8", [1], "AAAAAAAA8D8="]},
    "object dtype, short": {"a": ["O", [1], "AAAAAAAA8D8="]},
    "structured dtype": {"a": ["f8,f8", [1], "AAAAAAAA8D8AAAAAAADwPw=="]},
    "dtype that NumPy would parse": {"a": [",f8", [0], ""]},
    "dtype is a list": {"a": [["<f8"], [1], "AAAAAAAA8D8="]},
    "void dtype": {"s": ["|V8", "AAAAAAAA8D8="]},
    "dates": {"s": ["<M8[s]", "AAAAAAAA8D8="]},
    "scalar of nothing": {"s": ["<U0", ""]},
    "no base64": {"a": ["<f8", [1], "AAAA AAA8D8="]},
    "bytes are a number": {"a": ["<f8", [1], 8]},
    "text beyond Unicode": {"a": ["<U1", [1], "/////w=="]},
    "scalar text beyond Unicode": {"s": ["<U1", "/////w=="]},
    "unknown layout": {"a": ["<f8", [1], "AAAAAAAA8D8=", "sideways"]},
    "short array": {"a": ["<f8", [1]]},
    "array is null": {"a": None},
    "unknown tag": {"z": 1},
    "long tag": {"encode": 1},
    "two tags": {"l": [], "t": []},
    "no tag": {},
    "bare list": [1],
    "bad float": {"f": "1.5"},
    "float is a list": {"f": ["nan"]},
    "half a complex": {"c": [1]},
    "complex of texts": {"c": ["1", "2"]},
    "complex beyond floats": {"c": [10**400, 0]},
    "list is a text": {"l": "abc"},
    "key that cannot be one": {"d": [[{"l": []}, 1]]},
    "triples": {"d": [[1, 2, 3]]},
    "dict is a dict": {"d": {"a": 1}},
    "path is a number": {"p": 1},
    "class is a number": {"o": 1},
    "an integer of 2,000 digits": 10**2000,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_data_is_a_codec_error_and_costs_no_memory(data):
    tracemalloc.start()
    try:
        with pytest.raises(CodecError):
            decode(data)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_deep_nesting_is_a_codec_error():
    data = 1
    for _ in range(500):
        data = {"l": [data]}
    with pytest.raises(CodecError):
        decode(data)


def test_very_many_values_are_a_codec_error(monkeypatch):
    monkeypatch.setattr(codec, "MAX_NODES", 100)
    with pytest.raises(CodecError):
        decode({"l": [0] * 1000})


@few
@given(values)
def test_what_was_encoded_on_one_side_is_encoded_alike_on_the_other(value):
    data = encode(value)
    assert encode(decode(data)) == data
