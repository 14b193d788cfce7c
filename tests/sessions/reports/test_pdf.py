"""The PDF: pages, sizes, and that it opens nothing."""

import builtins
import re
import sys
import zlib
from datetime import date

import pytest
from PIL import Image
from weasyprint import HTML

from sessions.reports import LearnerSessions, ReportError, learner_report, pdf_of
from tests.stored import ROUTINE, session

MADE = date(2026, 11, 22)


def report(*sessions, **more) -> str:
    return learner_report(LearnerSessions("Anna Müller", sessions), ROUTINE, made=MADE, **more)


def plain_of(pdf: bytes) -> bytes:
    """All of its objects: some lie in compressed streams."""
    plain = pdf
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.S):
        try:
            plain += zlib.decompress(stream)
        except zlib.error:
            continue
    return plain


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """(width, height) of each page in points."""
    boxes = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]", plain_of(pdf))
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.slow
def test_one_page_a_session_and_a_summary_on_the_paper_asked_for() -> None:
    faults = [["asymmetric"], ["short_reach"], ["on_spine", "pause"], ["rushed"], *([[]] * 6)]
    full = session(faults)
    a4 = pages_of(pdf_of(report(full, language="de")))
    assert len(a4) == 2
    assert a4[0] == pytest.approx((595.28, 841.89), abs=0.1)
    letter = pages_of(pdf_of(report(full, paper="letter")))
    assert letter == [(612.0, 792.0)] * 2


def test_its_letters_are_in_it() -> None:
    plain = plain_of(pdf_of(report(language="de")))
    fonts, embedded = plain.count(b"/FontDescriptor "), plain.count(b"/FontFile")
    assert embedded > 0
    assert fonts >= embedded


def test_the_same_page_makes_the_same_bytes() -> None:
    html = report()
    assert pdf_of(html) == pdf_of(html)


def test_it_opens_no_file_and_no_address(tmp_path) -> None:
    picture = tmp_path / "partner.png"
    Image.new("RGB", (40, 40), "red").save(picture)
    for address in (picture.as_uri(), "http://127.0.0.1:9/partner.png"):
        html = report().replace("<main>", f'<main><img src="{address}">')
        with pytest.raises(ReportError, match="something outside of it"):
            pdf_of(html)
    seen = HTML(string=report().replace("<main>", f'<main><img src="{picture.as_uri()}">'))
    assert b"/Image" in seen.write_pdf(), "it would have been found"


def test_without_pango_it_says_what_to_do_and_html_still_works(monkeypatch) -> None:
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    html = report(session())
    with pytest.raises(ReportError, match="library Pango is missing"):
        pdf_of(html)
