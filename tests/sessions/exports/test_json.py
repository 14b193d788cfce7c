"""The JSON: the review keeps the contract, and the rest is all there."""

import json
import re

import jsonschema
import pytest

from contract import schema
from sessions.exports import FORMATS, Format, files_of, stem_of
from sessions.files import plain_name
from tests.stored import ROUTINE, landmarks, session


def test_the_review_keeps_the_contract_and_the_session_holds_the_rest() -> None:
    stored = session()
    review, rest = (json.loads(file.data) for file in files_of(stored, None, ROUTINE, "json"))
    jsonschema.Draft202012Validator(schema("review")).validate(review)
    assert review == stored.review.to_json()
    assert rest["schema"] == "tstroke.session/1"
    assert rest["session"]["learner"] == "Anna Müller"
    assert rest["session"]["started"] == "2026-03-02T12:00:00Z"
    assert rest["comments"][0]["text"] == "Lovely and slow, keep this."
    assert rest["comments"][0]["marks"][0]["points"] == [[0.2, 0.3], [0.3, 0.6]]
    assert rest["verdicts"][0]["word"] == "missed"
    assert rest["cues"] == [{"time_s": 14.0, "code": "asymmetric", "hand": "right"}]
    assert len(rest["paths"]["left"]["time_s"]) == len(stored.review.paths["left"].time_s)
    assert len(rest["measures"]["reps"]) == 4
    assert rest["felt_evenness"] == 4


NAMES = (
    *("../../evil.mp4", "/etc/evil", "C:\\evil.mp4", "\\\\host\\evil", "..", "", "."),
    *("%2e%2e%2fevil", "evil\0.mp4", "NUL", "con.mp4", "COM1.tar.mp4", "evil.mp4:stream", "-rf"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fmt", FORMATS)
def test_no_sessions_name_leads_out_of_the_folder(fmt: Format, name: str) -> None:
    evil = session(name=name)
    track = landmarks() if fmt == "parquet" else None
    for file in [stem_of(evil), *(file.name for file in files_of(evil, track, ROUTINE, fmt))]:
        assert plain_name(file) == file, "any system takes it as it stands"
        assert re.fullmatch(r"[\w-][\w.-]*", file)
        assert not file.startswith("-")


def test_files_are_named_for_any_system() -> None:
    evil = session(name="../../etc/pass wd:*?.tar.mp4")
    names = [file.name for file in files_of(evil, None, ROUTINE, "json")]
    assert names == [
        "etc-pass-wd-tar-0000cafe.review.json",
        "etc-pass-wd-tar-0000cafe.session.json",
    ]
