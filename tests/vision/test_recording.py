"""A recording read in a process of its own is the same one, whatever becomes of that process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.children import children, started_since
from vision import decoder
from vision.decoder import Limits
from vision.decoder_talk import AHEAD, SLOTS
from vision.errors import VideoError
from vision.frames import Frame, VideoReader
from vision.recording import frame_at, open_recording

MakeVideo = Callable[..., Path]

GONE_WITHIN_S = 10.0
"""Half a second is usual; the machine may be busy."""


INFO = '{"info": {"width": 4, "height": 4, "duration_s": null, "fps_hint": null}}'


def picture(slot: object = 0, shape: str = "[4, 4]", time_s: str = "0.0") -> str:
    return (
        f'{{"picture": {{"slot": {slot}, "time_s": {time_s}, "shape": {shape}, '
        '"full_size": [4, 4], "read_s": 0, "read_bytes": 1}}'
    )


def saying(words: str) -> str:
    """A decoder that says this and no more, and stays."""
    return f"print({words!r}, flush=True); import time; time.sleep(60)"


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    before = (children(), open_files())
    yield
    assert (children(), open_files()) == before


def same(one: Frame, other: Frame) -> bool:
    return (
        (one.index, one.time_s, one.full_size) == (other.index, other.time_s, other.full_size)
        and one.image_rgb.shape == other.image_rgb.shape
        and np.array_equal(one.image_rgb, other.image_rgb)
    )


class TestSameAsInThisProcess:
    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("a.mp4", {"size": (82, 48), "rotation_deg": 90, "count": 5 * SLOTS}),
            ("a{b} ü.mkv", {"times_s": [0.0, 0.02, 0.5, 0.51, 3.0], "size": (65, 49)}),
        ],
    )
    def test_frames_and_facts(
        self, make_video: MakeVideo, name: str, options: dict[str, Any]
    ) -> None:
        path = make_video(name, **options)
        with VideoReader(path) as here, open_recording(path) as there:
            assert there.info == here.info
            for one, other in zip(here, there, strict=True):
                assert same(one, other)
                assert there.readable_share == here.readable_share
            assert there.readable_share == here.readable_share == 1.0
            assert there.frames_read == here.frames_read
            assert there.trouble is None

    def test_pictures_that_are_kept_do_not_change(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", count=4 * SLOTS)
        with VideoReader(path) as here, open_recording(path, 40) as there:
            kept = list(there)
            assert [int(frame.image_rgb.mean()) for frame in kept] == pytest.approx(
                [int(frame.image_rgb.mean()) for frame in here], abs=1
            )
        assert kept[0].image_rgb.shape == (30, 40, 3)
        with pytest.raises(ValueError, match="read-only"):
            kept[0].image_rgb[0, 0] = 0

    @pytest.mark.parametrize("start_s", [0.5, 0.51, 1.9, 50.0])
    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
    def test_from_a_time_on(self, make_video: MakeVideo, name: str, start_s: float) -> None:
        path = make_video(name, count=60, encoder={"g": "10", "bf": "2"})
        with VideoReader(path) as here:
            frames = list(here)
        wanted = [frame for frame in frames if frame.time_s >= start_s] or frames[-1:]
        with VideoReader(path, start_s=start_s) as late:
            found = list(late)
        assert [frame.time_s for frame in found] == [frame.time_s for frame in wanted]
        assert all(
            np.array_equal(a.image_rgb, b.image_rgb) for a, b in zip(found, wanted, strict=True)
        )

    def test_a_frame_at_a_time(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", fps=10, count=20)
        assert frame_at(path, 0.95).time_s == pytest.approx(1.0)
        assert frame_at(path, 9.0).time_s == pytest.approx(1.9)

    def test_what_is_refused(self, make_video: MakeVideo, tmp_path: Path) -> None:
        """In the same words, also where the name could be taken for a place to fill in."""
        coded = make_video("a{codec}.mkv", codec="ffv1")
        headless = make_video("b.mp4")
        headless.write_bytes(headless.read_bytes()[:200])
        for path in (coded, headless, tmp_path / "none.mp4", tmp_path):
            with pytest.raises(VideoError) as here, VideoReader(path):
                pass
            with pytest.raises(VideoError) as there, open_recording(path):
                pass
            assert str(there.value) == str(here.value)
            assert there.value.sentence.key == here.value.sentence.key
            assert {k: str(v) for k, v in here.value.sentence.values.items()} == {
                k: str(v) for k, v in there.value.sentence.values.items()
            }

    def test_what_is_no_recording_needs_no_decoder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(decoder, "_START", "raise SystemExit")
        (tmp_path / "a.mp4").write_bytes(b"ffconcat version 1.0\nfile b.mp4\n")
        with pytest.raises(VideoError, match="text file"), open_recording(tmp_path / "a.mp4"):
            pass


class TestTheDecodersEnd:
    @pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGSEGV, signal.SIGXCPU])
    def test_what_came_before_is_kept(self, make_video: MakeVideo, killer: int) -> None:
        path, before = make_video("a.mp4", count=90), children()
        with open_recording(path) as video:
            frames = iter(video)
            kept = [next(frames) for _ in range(5)]
            os.kill(started_since(before), killer)
            kept += frames
        # Those that it had laid ready may still come.
        assert [frame.index for frame in kept] == list(range(len(kept)))
        assert 5 <= len(kept) <= 6 + SLOTS
        assert video.frames_read == len(kept)
        assert video.readable_share == pytest.approx(len(kept) / 90, abs=0.02)
        assert video.trouble is not None
        assert "broke down over a.mp4" in video.trouble

    def test_where_no_duration_is_stated(self, make_video: MakeVideo) -> None:
        noise = np.random.default_rng(5).integers(0, 255, (48, 64, 3), dtype=np.uint8)
        path = make_video(
            "a.mkv", count=300, muxer={"live": "1"}, picture=lambda i: np.roll(noise, i * i, 1)
        )
        before = children()
        with open_recording(path) as video:
            frames = iter(video)
            next(frames)
            os.kill(started_since(before), signal.SIGKILL)
            list(frames)
        assert video.info.duration_s is None
        assert 0 < video.readable_share < 0.5

    def test_a_decoder_that_gets_stuck(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(decoder, "_START", saying(f"{INFO}\n{picture()}"))
        with open_recording(make_video("a.mp4"), limits=Limits(hang_s=1.5)) as video:
            assert len(list(video)) == 1
        assert video.trouble is not None
        assert "got stuck over a.mp4" in video.trouble
        assert video.readable_share < 0.2

    @pytest.mark.slow
    def test_a_recording_that_needs_more_memory_than_is_allowed(
        self, make_video: MakeVideo
    ) -> None:
        path = make_video("a.mp4", size=(3840, 2160), count=3, encoder={"preset": "ultrafast"})
        few = Limits(memory_bytes=440 * 1024**2)
        with pytest.raises(VideoError) as caught, open_recording(path, limits=few) as video:
            list(video)
        assert str(caught.value).endswith(".")

    def test_it_does_not_outlive_the_process_that_started_it(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", count=90)
        script = (
            "import sys, time; from pathlib import Path\n"
            "from vision.recording import open_recording\n"
            "with open_recording(sys.argv[1]) as video:\n"
            "    next(iter(video))\n"
            "    print(Path('/proc/thread-self/children').read_text(), flush=True)\n"
            "    time.sleep(60)\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE)
        with parent:
            assert parent.stdout is not None
            pid = int(parent.stdout.readline())
            assert running(pid)
            parent.kill()
        until_s = time.monotonic() + GONE_WITHIN_S
        while running(pid) and time.monotonic() < until_s:
            time.sleep(0.05)
        assert not running(pid)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except FileNotFoundError:
        return False


class TestWhatTheDecoderHolds:
    def test_it_is_given_the_recording_and_pipes_and_can_open_no_more(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SECRET_OF_THIS_PROCESS", "x")
        path, before = make_video("a.mp4", count=90), children()
        with socket.socket() as mine:
            mine.set_inheritable(True)
            with open_recording(path) as video:
                next(iter(video))
                place = Path(f"/proc/{started_since(before)}")
                held = sorted(str(one.readlink()) for one in (place / "fd").iterdir())
                limits = (place / "limits").read_text().splitlines()
                environment = (place / "environ").read_bytes()
        assert str(path) in held
        assert not [one for one in held if one.startswith("socket:")]
        others = [one for one in held if not one.startswith(("pipe:", "/memfd:"))]
        # Its log has no name, and is no larger than the limit of what it may write.
        assert [one for one in others if one != str(path) and "deleted" not in one] == []
        most = {one[:25].strip(): one[25:].split()[:2] for one in limits}
        assert most["Max open files"] == ["3", "3"]
        assert most["Max core file size"] == ["0", "0"]
        assert most["Max address space"] == [str(3 * 1024**3)] * 2
        assert b"SECRET" not in environment


class TestADecoderThatWasTakenOver:
    """What it says is checked before it is used."""

    @pytest.mark.parametrize(
        "words",
        [
            "",
            "hello",
            "[1, 2]",
            '{"info": {"width": -4, "height": 3, "duration_s": null, "fps_hint": null}}',
            '{"info": {"width": 4, "height": 3, "duration_s": Infinity, "fps_hint": null}}',
            '{"refused": {"english": "{0.__class__}", "key": "k", "values": {"a": [1]}}}',
            "x" * 90_000,
            f"{INFO}\n{picture(slot=99)}",
            f"{INFO}\n{picture(slot=-1)}",
            f"{INFO}\n{picture(shape='[4000, 4000]')}",
            f"{INFO}\n{picture(shape='[4]')}",
            f"{INFO}\n{picture(time_s='NaN')}",
            f"{INFO}\n{INFO}",
            f'{INFO}\n{{"end": 0}}',
        ],
    )
    def test_nonsense(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch, words: str
    ) -> None:
        monkeypatch.setattr(decoder, "_START", saying(words))
        with (
            pytest.raises(VideoError, match="broke down"),
            open_recording(make_video("a.mp4")) as v,
        ):
            list(v)

    def test_endless_work_without_a_picture(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(decoder, "_START", "while True: print('{\"busy\": 1}', flush=True)")
        limits = Limits(pictureless_s=0.2)
        with (
            pytest.raises(VideoError, match="got stuck"),
            open_recording(make_video("a.mp4"), limits=limits),
        ):
            pass


@pytest.mark.parametrize("asking", [False, True])
def test_only_chosen_pictures_are_given_and_every_frame_is_told_of(
    make_video: MakeVideo, *, asking: bool
) -> None:
    clip = make_video("clip.mp4")
    with VideoReader(clip) as video:
        whole = list(video)
    asked = list[float]()

    def third(time_s: float) -> bool:
        asked.append(time_s)
        return len(asked) % 3 == 1

    with open_recording(clip, asking=asking, lent=asking) as reader:
        pictures = list[tuple[float, int]]()
        for seen in reader.chosen(third):
            if isinstance(seen, Frame):
                pictures.append((seen.time_s, int(seen.image_rgb.sum())))
        assert (reader.frames_read, reader.readable_share) == (len(whole), 1.0)
    assert asked == [frame.time_s for frame in whole]
    assert pictures == [(frame.time_s, int(frame.image_rgb.sum())) for frame in whole[::3]]


def test_lent_pictures_can_only_be_read(make_video: MakeVideo) -> None:
    with open_recording(make_video("clip.mp4"), lent=True) as reader:
        frame = next(iter(reader))
        assert not frame.image_rgb.flags.writeable


@pytest.mark.parametrize("answer", ["null", "[1]", "[NaN, 0]", '["a", 0]'])
def test_a_nonsensical_question_ends_the_recording(
    answer: str, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "_START", saying(f'{INFO}\n{{"asks": {answer}}}'))
    with (
        open_recording(make_video("clip.mp4"), asking=True) as reader,
        pytest.raises(VideoError, match="broke down"),
    ):
        next(iter(reader))


def test_a_wanted_picture_that_can_not_be_made_holds_nothing_up(
    make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [INFO, '{"asks": [0, 0]}', '{"lost": null}', '{"asks": [0.1, 0]}', picture()]
    monkeypatch.setattr(decoder, "_START", saying("\n".join([*lines, '{"end": 1}'])))
    with open_recording(make_video("clip.mp4"), asking=True) as reader:
        assert [type(one) for one in reader.chosen(lambda _: True)] == [Frame]
    assert reader.trouble is None


def test_questions_without_end_end_the_recording(
    make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ['{"asks": [0, 0]}'] * (2 * AHEAD)
    monkeypatch.setattr(decoder, "_START", saying("\n".join([INFO, picture(), *questions])))
    with open_recording(make_video("clip.mp4"), asking=True) as reader:
        assert [type(one) for one in reader.chosen(lambda _: True)] == [Frame]
    assert reader.trouble is not None
    assert "broke down" in reader.trouble
