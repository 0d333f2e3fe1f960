"""Files that were made to hurt, and workbooks larger than any report, at the page that takes them."""

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from reporting.models import Submission, WorkbookUpload
from reporting.workbooks import limits
from reporting.workbooks.reading import read_book
from tests.conftest import Cast
from tests.files import Upload
from tests.reporting.views.browser import as_user, text_of
from tests.reporting.workbooks.every_kind import Edited, workbook
from tests.reporting.workbooks.hostile import HOSTILE
from tests.reporting.workbooks.test_hostile import PROMISED


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 60)


@pytest.mark.parametrize("name", [*PROMISED, "nothing", "a workbook with a password", "half of it", "macros", "a cell twice"])
def test_hostile_file_is_refused_on_the_page_and_nothing_is_kept(cast: Cast, draft: Submission, name: str) -> None:
    make, said = HOSTILE[name]
    response = as_user(cast.officer).post(f"/reports/{draft.pk}/workbook/", {"workbook": Upload("报表.xlsx", make())})
    assert (response.status_code, said in text_of(response), WorkbookUpload.objects.count()) == (422, True, 0)


def longer(content: bytes, number: int) -> bytes:
    """The workbook with so many more cells on a sheet of one's own."""
    edited = Edited(content)
    sheet = edited.book.create_sheet("my notes")
    assert isinstance(sheet, Worksheet)
    for row in range(number // 10):
        sheet.append([row] * 10)
    sheet.append([0] * (number % 10))
    return edited.saved()


def test_report_with_more_cells_than_any_has_is_refused_and_not_kept(cast: Cast, draft: Submission) -> None:
    own = workbook(draft)
    room = limits.REPORT_CELLS - sum(len(sheet.cells) for sheet in read_book(own).sheets)
    client, path = as_user(cast.officer), f"/reports/{draft.pk}/workbook/"
    response = client.post(path, {"workbook": Upload("a.xlsx", longer(own, room + 1))})
    words = "The workbook has too many cells: 20000 are possible. Remove the rows and sheets that the report does not need."
    assert (response.status_code, words in text_of(response), WorkbookUpload.objects.count()) == (422, True, 0)
    response = client.post(path, {"workbook": Upload("a.xlsx", longer(own, room))})
    assert (response.status_code, WorkbookUpload.objects.count()) == (302, 1)
