"""Confirming an uploaded workbook: twice at once, beside another upload, and beside a save of the page."""

from functools import partial

import pytest

from districts.errors import Refused
from reporting.domain.answers import AnswerChange
from reporting.domain.workbooks import ReadWorkbook, confirm_upload, keep_upload
from reporting.errors import StaleAnswer
from reporting.models import Submission, WorkbookUpload
from tests.conftest import Cast
from tests.factories import NOW, fill
from tests.reporting.domain.test_concurrency import at_once
from tests.reporting.views.browser import answer

pytestmark = pytest.mark.django_db(transaction=True)


def kept(submission: Submission, cast: Cast, raw: str, name: str = "x.xlsx") -> WorkbookUpload:
    read = ReadWorkbook(name=name, content=b"x", changes=[AnswerChange("P1", 1, raw=raw)], problems=[], places={})
    return keep_upload(submission=submission, read=read, actor=cast.officer, now=NOW)


def test_ten_confirmations_at_once_save_once_and_all_hear_of_it(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    upload = kept(submission, cast, "61")
    confirm = partial(confirm_upload, upload=upload, keys=["P1"], settled={}, actor=cast.officer, now=NOW)
    assert at_once([confirm] * 10) == [["P1"]] * 10
    assert (answer(submission, "P1").raw, answer(submission, "P1").version) == ("61", 2)


def test_two_uploads_of_the_same_answer_are_one_save_and_one_conflict(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    uploads = [kept(submission, cast, raw) for raw in ("61", "62")]
    calls = [partial(confirm_upload, upload=one, keys=["P1"], settled={}, actor=cast.officer, now=NOW) for one in uploads]
    results = at_once(calls)
    assert {type(result) for result in results} == {list, StaleAnswer}
    assert (answer(submission, "P1").version, WorkbookUpload.objects.exclude(confirmed_at=None).count()) == (2, 1)


def test_refused_confirmation_leaves_the_upload_to_be_confirmed(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    upload = kept(submission, cast, "61")
    with pytest.raises(Refused):
        confirm_upload(upload=upload, keys=[], settled={}, actor=cast.officer, now=NOW)
    assert confirm_upload(upload=upload, keys=["P1"], settled={}, actor=cast.officer, now=NOW) == ["P1"]


def test_name_of_a_file_is_kept_printable_and_short(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    assert kept(submission, cast, "61", "\x00\u202e" + "报" * 200 + ".xlsx").name == "报" * 145 + ".xlsx"
