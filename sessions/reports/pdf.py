"""HTML to PDF with WeasyPrint, which opens nothing but what stands in the page."""

import logging
from typing import Final

from sessions.reports.errors import ReportError

_LOGGER: Final = "weasyprint"


def pdf_of(html: str) -> bytes:
    """The page as PDF; the same bytes for the same page.

    Raises `ReportError` where the system lacks the libraries that set the words, or where the page
    names a file or an address: a report holds all that it shows.
    """
    try:
        # It loads Pango when it is imported: only here, so that HTML never needs it.
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError as error:
        raise ReportError(
            "The PDF can't be made, because the library Pango is missing on this "
            "machine (Debian: libpango-1.0-0, libpangoft2-1.0-0 and "
            "libharfbuzz-subset0); install it, or make the report as HTML and print "
            "that.",
            key="error.pango_missing",
        ) from error
    # It has a word about every rule of CSS that is for screens only.
    logging.getLogger(_LOGGER).setLevel(logging.CRITICAL)
    only_itself = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    try:
        written: bytes = HTML(string=html, url_fetcher=only_itself).write_pdf()
    except FatalURLFetchingError as error:
        raise ReportError(
            "The PDF can't be made, because the page names something outside of it "
            "({reason}); make the report anew.",
            key="error.pdf_from_outside",
            reason=error,
        ) from error
    return written
