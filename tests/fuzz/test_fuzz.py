"""Two hundred broken workbooks do no harm, and harm would be seen."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from reporting.models import Job
from reporting.workbooks import process
from reporting.workbooks.cells import Book, Cell, Sheet, Value
from reporting.workbooks.reading import read_book
from tests.fuzz.bulk import FIRST, LAST, Office
from tests.fuzz.corpus import corpus
from tests.fuzz.judging import READ, Broken, broken, judge, wrong_in
from tests.fuzz.mutators import mutated
from tests.fuzz.portal import Portal
from tests.fuzz.running import run, run_bundles

NUMBER, SEED = 200, 20260701


@pytest.mark.django_db
def test_broken_workbooks_are_read_or_refused_and_do_no_harm() -> None:
    tally = run(SEED, NUMBER)
    assert [(file.number, file.origin, harm) for file, harm in tally.harm] == []
    assert tally.said.total() == NUMBER
    assert tally.said[READ] > NUMBER // 10
    assert "302 200 200 302 200" in tally.answers
    assert tally.mailed.total() == NUMBER // 10
    assert any(became.startswith("refused") for became in tally.mailed)


def test_broken_archives_of_many_files_are_read_or_refused_and_do_no_harm() -> None:
    tally = run_bundles(SEED, NUMBER)
    assert [(file.number, file.origin, harm) for file, harm in tally.harm] == []
    assert tally.said.total() == NUMBER
    assert tally.said[READ] > NUMBER // 10


def test_what_is_broken_is_good_to_begin_with() -> None:
    for name, content in corpus().items():
        book = read_book(content)
        assert (list(wrong_in(book)), bool(book.sheets[0].cells)) == ([], True), name


def test_files_of_a_seed_are_the_same_each_time() -> None:
    origins = {name: content for name, content in corpus().items() if "rich" not in name and "1904" not in name}
    assert [broken(origins, 7, number) for number in range(20)] == [broken(origins, 7, number) for number in range(20)]
    assert broken(origins, 7, 0) != broken(origins, 8, 0)


def test_every_mutation_changes_something() -> None:
    content = corpus()["by hand"]
    assert sum(mutated(content, Random(number)) == content for number in range(50)) == 0


@pytest.mark.parametrize(
    "value",
    ["", "a\x00", "a\r\n", "x" * 40_000, Decimal("NaN"), Decimal("1e5000"), 1.5, None, [1]],
    ids=lambda value: repr(value)[:20],
)
def test_cell_that_cannot_be_is_seen(value: Value) -> None:
    good = Cell(Decimal(1), "General", formula=False)
    assert list(wrong_in(Book((Sheet("a", False, {(1, 1): good}),)))) == []
    assert len(list(wrong_in(Book((Sheet("a", False, {(1, 1): replace(good, value=value)}),))))) == 1
    assert len(list(wrong_in(Book((Sheet("a\x00", False, {(1, 0): good}),))))) == 2


def test_reader_that_fails_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_COMMAND", "raise SystemExit(1)")
    ((_file, _said, harm),) = judge([Broken(0, "by hand", corpus()["by hand"])])
    assert "no last word" in harm


@pytest.mark.django_db
def test_page_that_fails_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal()
    (own, *_others) = portal.corpus().values()
    assert portal.use(Broken(0, "ours", own)) == ("302 200 200 422 200", "")
    monkeypatch.setattr("reporting.views.workbooks.preview_of", lambda *_given: 1 / 0)
    answers, harm = portal.use(Broken(0, "ours", own))
    assert (answers, harm.splitlines()[-1]) == ("an error", "ZeroDivisionError: division by zero")


@pytest.mark.django_db
def test_archive_of_good_and_bad_workbooks_is_settled_file_by_file() -> None:
    portal = Portal()
    office, (own, changed, *_others) = Office(portal), portal.corpus().values()
    files = [Broken(1, "changed", changed), Broken(2, "torn", own[:500]), Broken(3, "nothing", b""), Broken(4, "own", own)]
    became, harm = office.use(files)
    assert harm == []
    assert became == {
        "done": 1,
        "refused: Nothing was saved: correct the cells and send the workbook again.": 1,
        "refused: The file is empty. Choose the workbook itself.": 1,
        "refused: The file is incomplete: its end is missing. Copy or download it again.": 1,
    }
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_job_that_fails_over_a_file_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal()
    office, (own, *_others) = Office(portal), portal.corpus().values()
    monkeypatch.setattr("reporting.jobs.uploading.preview_of", lambda *_given: 1 / 0)
    became, ((file, harm), (archive, spoiled)) = office.use([Broken(7, "own", own)])
    assert (became, file.number, archive.origin) == ({"failed": 1}, 7, "an archive")
    assert harm.startswith("In the archive it was failed")
    assert f"The good file “{FIRST}” was failed" in spoiled
    assert f"The good file “{LAST}” was failed" in spoiled


@pytest.mark.django_db
def test_page_of_a_job_that_fails_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal()
    office, (own, *_others) = Office(portal), portal.corpus().values()
    monkeypatch.setattr("reporting.admin.jobs.result_rows", lambda *_given: 1 / 0)
    _became, ((archive, harm),) = office.use([Broken(7, "own", own)])
    assert (archive.origin, harm.splitlines()[-1]) == ("an archive", "ZeroDivisionError: division by zero")
