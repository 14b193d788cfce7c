"""JSON of others is plain values within limits, or one error that says why not."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vision.strict_json import DEEPEST, NotStrictError, read_bytes, strict_json

WRONG = {
    b'{"a": NaN}': "NaN is no number",
    b"[Infinity]": "Infinity is no number",
    b"[1e999]": "1e999 is no number",
    b"[-1e999]": "-1e999 is no number",
    b"1" * 5000: "is no number",
    b'{"a": 1, "a": 2}': "'a' stands there twice",
    b"[" * 100_000: "nested deeper",
    b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2): "nested deeper",
    b'{"a":' * 20 + b"1" + b"}" * 20: "nested deeper",
    b"\xff\xfe": "not UTF-8",
    b"": "Expecting value",
    b'["\x00"]': "control character",
}

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(-1e6, 1e6) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("data", WRONG)
def test_what_is_outside_of_the_limits_is_said(data: bytes) -> None:
    with pytest.raises(NotStrictError, match=WRONG[data]):
        strict_json(data)


@given(plain)
@example([[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]])
def test_plain_values_come_through_as_they_are(value: object) -> None:
    assert strict_json(json.dumps(value).encode()) == value


def test_a_text_editors_mark_at_the_beginning_is_no_flaw() -> None:
    assert strict_json(b"\xef\xbb\xbf{}") == {}


def test_no_more_is_read_than_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(bytes(100))
    assert read_bytes(path, 100) == bytes(100)
    with pytest.raises(NotStrictError, match="larger than 0 kB"):
        read_bytes(path, 99)
    with pytest.raises(NotStrictError, match="larger"):
        read_bytes(Path("/dev/zero"), 1000)  # It never ends.
