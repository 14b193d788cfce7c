"""Captions are read by players: their times, their signs, and what holds at the same time."""

import itertools
import re
from pathlib import Path

import av
import pytest

from sessions.exports import export_session
from sessions.exports.captions import captions_of
from sessions.wording import Words
from tests.stored import ROUTINE, comment, session, verdict

ENGLISH = Words("en")
EVIL = "<script>x</script> & {\\an8}b --> c\n\nd"


def captions(**more):
    return captions_of(session(**more), ROUTINE, ENGLISH)


def read_by_a_player(data: bytes, path: Path) -> list[tuple[float, float, str]]:
    """As FFmpeg has it: start and end in s, words in its own notation."""
    path.write_bytes(data)
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        found = []
        for packet in container.demux(stream):
            if packet.pts is None or packet.time_base is None:
                continue
            start_s = float(packet.pts * packet.time_base)
            length_s = float((packet.duration or 0) * packet.time_base)
            found.append((start_s, start_s + length_s, bytes(packet).decode("utf-8")))
        return found


@pytest.mark.parametrize("fmt", ["srt", "vtt"])
def test_a_player_reads_every_caption_at_its_time(fmt, tmp_path) -> None:
    file = export_session(session(), None, ROUTINE, fmt)
    read = read_by_a_player(file.data, tmp_path / file.name)
    wanted = captions()
    assert len(read) == len(wanted) > 8
    for (start_s, end_s, text), caption in zip(read, wanted, strict=True):
        assert start_s == pytest.approx(caption.start_ms / 1000, abs=2e-3)
        assert end_s == pytest.approx(caption.end_ms / 1000, abs=2e-3)
        assert text.count("\n") + 1 == len(caption.lines)


def test_no_caption_lies_over_another() -> None:
    found = captions(verdicts=(verdict(session().review.reps[1], None),))
    for before, after in itertools.pairwise(found):
        assert before.end_ms <= after.start_ms
        assert before.start_ms < before.end_ms


def test_what_holds_at_the_same_time_stands_together() -> None:
    stored = session()
    fault = stored.review.reps[1].faults[0]
    at = next(each for each in captions() if each.start_ms == round(fault.start_s * 1000))
    assert at.lines == (
        "Stroke 2: Counted",
        "one hand behind, right hand (0.52 s, limit 0.3 s)",
    )
    said = [line for each in captions() for line in each.lines]
    assert "“Hands side by side”" in said, "the cue that was given"
    assert "Ida Berg: Lovely and slow, keep this." in said
    assert any("turned back early" in line for line in said)


@pytest.mark.parametrize("fmt", ["srt", "vtt"])
def test_signs_do_no_harm(fmt, tmp_path) -> None:
    file = export_session(session(comments=(comment(0.5, EVIL),)), None, ROUTINE, fmt)
    text = file.data.decode("utf-8")
    assert "<script>" not in text
    times = re.findall(r"^[\d:.,]+ --> [\d:.,]+$", text, flags=re.M)
    assert text.count("-->") == len(times), "an arrow stands between times only"
    read = read_by_a_player(file.data, tmp_path / file.name)
    assert len(read) == len(times)
    assert "Ida Berg: " in read[0][2]
    assert "{" not in read[0][2] or fmt == "vtt"


def test_hours_are_counted() -> None:
    data = export_session(
        session(comments=(comment(3723.5, "late"),)), None, ROUTINE, "srt"
    ).data.decode()
    assert "01:02:03,500 --> 01:02:06,500" in data


def test_captions_speak_other_languages() -> None:
    data = export_session(session(), None, ROUTINE, "vtt", language="de").data.decode()
    assert data.startswith("WEBVTT\n\n")
    assert "Streichung 3: Nicht gezählt: zu früh umgekehrt" in data
    assert "eine Hand hinterher, rechte Hand (0,52 s, Grenze 0,3 s)" in data


def test_nothing_to_say_is_still_a_file(tmp_path) -> None:
    empty = session((), words=False)
    assert export_session(empty, None, ROUTINE, "vtt").data == b"WEBVTT\n"
    assert export_session(empty, None, ROUTINE, "srt").data == b""
