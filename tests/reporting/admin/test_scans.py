"""The stamped scan beside the report that the bureau reads."""

from typing import Any

from reporting.domain.scans import attach_scan
from reporting.models import Submission
from tests.conftest import Cast
from tests.factories import NOW
from tests.files import PNG, pdf
from tests.reporting.admin.helpers import in_review, page_of, signed_in
from tests.reporting.views.browser import parse, select, text_of


def attach(submission: Submission, cast: Cast, name: str, content: bytes) -> None:
    revision = submission.working_revision
    assert revision is not None
    officer = cast.officer if submission.district_id == cast.north.pk else cast.south_officer
    attach_scan(revision=revision, name=name, content=content, actor=officer, now=NOW)


def scans(response: Any) -> list[tuple[str, bool]]:
    lines = select(parse(response), "#scans li")
    return [(select(line, "a")[0].text_content(), "replaced" in line.text_content()) for line in lines]


def test_review_page_links_to_the_scans_of_the_revision_shown(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    client, report, theirs = signed_in(cast.reviewer), in_review(submission, cast), in_review(south_submission, cast)
    attach(theirs, cast, "theirs.pdf", pdf())
    page = client.get(page_of(report))
    assert (scans(page), "has attached no stamped scan" in text_of(page, "#scans")) == ([], True)
    attach(report, cast, "first.png", PNG)
    attach(report, cast, "second.pdf", pdf())
    page = client.get(page_of(report))
    assert scans(page) == [("second.pdf", False), ("first.png", True)]
    assert "PDF · 84 bytes · attached by North Officer, 21 Jul 2026, 10:00" in text_of(page, "#scans")
    saved = client.get(select(parse(page), "#scans a")[0].get("href"))
    assert (saved.status_code, saved.content) == (200, pdf())


def test_review_page_of_an_unsigned_report_speaks_of_no_scan(cast: Cast, submission: Submission) -> None:
    assert select(parse(signed_in(cast.reviewer).get(page_of(submission))), "#scans") == []
