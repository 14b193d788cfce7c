"""Reports say what was seen, in the reader's language, and can be printed."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from messages import languages
from sessions.reports import LearnerSessions, class_report, learner_report
from sessions.store.values import Correction
from tests.stored import NOON, ROUTINE, comment, session

MADE = date(2026, 11, 22)
EVIL = '<script>alert("x")</script>'


def report(*sessions, name="Anna Müller", **more) -> str:
    return learner_report(LearnerSessions(name, sessions), ROUTINE, made=MADE, **more)


class Reader(HTMLParser):
    """The words of a page, its tags, and whether every tag is closed."""

    EMPTY = ("meta", "path", "circle", "ellipse", "rect", "polyline")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_session_tells_count_faults_tempo_and_words() -> None:
    told = Reader(report(session())).text
    assert "3 of 4 strokes count" in told
    assert "Glide on until the fingertips" in told, "what to practise is the routine's own cue"
    assert "1 one hand behind, right hand 0:17; 0.52 s, limit 0.3 s" in told
    assert "2 turned back early 0:26; 66 % of the way from waist to nape, limit 80 %" in told
    assert "A stroke took 8.4 s to 9.8 s." in told
    assert "0:05 Lovely and slow, keep this. Ida Berg" in told
    assert "Ida Berg saw here: on the spine, left hand" in told
    assert "The camera could not judge: fingers across the back." in told
    assert "Felt: rather even." in told
    assert "Stop at once when it hurts." in told


def test_corrected_boundaries_are_told_with_the_other_words() -> None:
    rep = session().review.reps[2]
    set_anew = Correction("c1", "i1", "Ida Berg", rep.start_s, rep.end_s, rep.phases, NOON)
    told = Reader(report(session(corrections=(set_anew,)))).text
    assert "0:22 Ida Berg set the phases of this stroke anew" in told
    assert told.index("keep this.") < told.index("set the phases")


def test_one_page_for_each_session_and_a_summary() -> None:
    html = report(*(session(day=day) for day in range(3)))
    assert html.count('<section class="sheet session">') == 3
    assert html.count('<section class="sheet">') == 1
    days = re.findall(r'<h2 class="date">(.*?)</h2>', html)
    assert days == ["4 March 2026", "3 March 2026", "2 March 2026"], "the newest first"


def test_progress_is_told_only_beyond_chance() -> None:
    faulty = [["pause"], ["pause"], ["pause"], []]
    few = Reader(report(session(faulty), session([(), (), (), ()], day=7))).text
    assert "It takes 5 sessions with enough strokes" in few
    assert "less often" not in few
    rows = [[["pause"]] * bad + [[]] * (6 - bad) for bad in (6, 5, 4, 3, 2, 1, 0)]
    many = Reader(report(*(session(row, day=3 * at) for at, row in enumerate(rows)))).text
    assert "More and more strokes are clean." in many
    assert "Comes less often: stopped on the way." in many
    assert "Stopped on the way 18 of 24 3 of 18 less often" in many
    same = Reader(report(*(session(faulty, day=day) for day in range(7)))).text
    assert "No change shows beyond chance so far." in same


def test_what_to_practise_comes_from_the_newest_sessions() -> None:
    old = [session([["short_reach"]] * 4, day=day) for day in range(3)]
    new = [session([["pause"], [], [], []], day=day) for day in range(3, 6)]
    told = Reader(report(*old, *new)).text
    assert "Stopped on the way: in 3 of 12 strokes of the newest 3 sessions." in told


def test_names_and_words_are_never_taken_for_tags() -> None:
    html = report(
        session(name=f"{EVIL}.mp4", comments=(comment(1.0, EVIL, author=EVIL),)), name=EVIL
    )
    assert EVIL not in html
    reader = Reader(html)
    assert "script" not in reader.tags
    assert reader.text.count(EVIL) >= 5
    assert reader.open == []


def test_no_sessions_is_one_kind_page() -> None:
    html = report(language="de")
    assert html.count("<section") == 1
    assert "In dieser Zeit gibt es keine Sitzung." in html
    nobody = class_report([LearnerSessions("Anna", ())], ROUTINE, made=MADE)
    assert "There is no session in this time." in nobody


def test_a_session_without_a_stroke_says_so() -> None:
    reader = Reader(report(session((), words=False)))
    assert "No stroke was seen in this session." in reader.text
    assert "0 of 0 strokes count" in reader.text


@pytest.mark.parametrize("language", languages())
def test_every_language_is_whole(language) -> None:
    html = report(*(session(day=day) for day in range(6)), language=language)
    assert f'<html lang="{language}">' in html
    assert "{" not in Reader(html).text
    german = "8 von" in html or "Streichungen" in html
    assert german == (language == "de")


def test_a_class_has_a_summary_then_every_learner_by_name() -> None:
    learners = [
        LearnerSessions("Zoë", [session([["pause"]] * 4, day=4, learner="Zoë")]),
        LearnerSessions("anna", [session(day=day, learner="anna") for day in range(3)]),
        LearnerSessions("Nobody yet", ()),
    ]
    html = class_report(learners, ROUTINE, made=MADE)
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Class report", "anna", "Zoë"]
    assert html.count('<section class="sheet session">') == 4
    told = Reader(html).text
    assert "4 sessions" in told
    assert "1 of 2 learners" in told
    assert "Nobody yet" not in told


def test_sessions_without_a_page_stand_in_the_summary() -> None:
    every = [session(day=day) for day in range(4)]
    newest = LearnerSessions("Anna", every[3:], [each.line for each in every[:3]])
    html = learner_report(newest, ROUTINE, made=MADE)
    assert html.count('<section class="sheet session">') == 1
    told = Reader(html).text
    assert "4 sessions" in told
    assert "2 March 2026 clip.mp4 3 of 4" in told


def test_drawings_of_one_report_share_no_id() -> None:
    html = class_report(
        [LearnerSessions(name, [session(day=0), session(day=1)]) for name in "ab"],
        ROUTINE,
        made=MADE,
    )
    ids = Reader(html).ids
    assert len(ids) == len(set(ids)) > 4


def test_it_holds_all_that_it_shows() -> None:
    html = report(session()).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in html
    assert "src=" not in html
    assert "@import" not in html
    assert "<img" not in html, "no picture of anybody"


def test_centimetres_say_when_they_are_estimates() -> None:
    stored = session()
    scale = stored.review.scale
    assert scale is not None
    assert "left ≈ 7 cm" in Reader(report(stored)).text
    measured = replace(stored.review, scale=replace(scale, assumed=False))
    assert "left 7 cm" in Reader(report(replace(stored, review=measured))).text


def test_the_same_sessions_make_the_same_report() -> None:
    assert report(session()) == report(session())
