"""Evidence for key tasks over HTTP: added, given out to those who see the task, and taken away again."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reporting.domain.key_tasks.closing import answer_key_task
from reporting.domain.key_tasks.evidence import add_task_file
from reporting.models import KeyTask, KeyTaskFile
from tests.conftest import Cast
from tests.files import JPEG, PNG, pdf
from tests.reporting.views.browser import as_user, parse, select, text_of
from tests.reporting.views.test_key_tasks import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> KeyTask:
    return make(cast.north, cast.approver)


def upload(name: str = "photo.png", content: bytes = PNG) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def add(task: KeyTask, cast: Cast, content: bytes = PNG, name: str = "photo.png") -> KeyTaskFile:
    party = task.parties.get()
    return add_task_file(party=party, name=name, content=content, actor=cast.officer, now=timezone.now())


def files_on(page: Any) -> list[str]:
    return [link.text_content() for link in select(parse(page), ".files a.bureau-link")]


def test_officer_adds_evidence_and_the_bureau_reads_it_before_it_closes(cast: Cast, task: KeyTask) -> None:
    officer, url = as_user(cast.officer), reverse("key_task", args=[task.pk])
    assert "No file yet" in text_of(officer.get(url))
    (form,) = [form for form in parse(officer.get(url)).forms if form.action == reverse("key_task_files", args=[task.pk])]
    assert form.get("enctype") == "multipart/form-data"
    answer = officer.post(form.action, upload("Ten contracts.pdf", pdf()))
    assert answer["Location"] == f"{url}#evidence"
    assert files_on(officer.get(url)) == ["Ten contracts.pdf"]
    bureau = as_user(cast.reviewer).get(reverse("admin:reporting_keytask_change", args=[task.pk]))
    (link,) = select(parse(bureau), ".files a.bureau-link")
    given: Any = as_user(cast.reviewer).get(link.get("href"))
    assert (given.status_code, b"".join(given.streaming_content), given["Content-Type"]) == (200, pdf(), "application/pdf")
    assert given["Content-Disposition"] == 'attachment; filename="Ten contracts.pdf"'
    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_file_is_nobodys_who_does_not_see_the_task(cast: Cast, task: KeyTask) -> None:
    file, other = add(task, cast), make(cast.south, cast.approver, "Other")
    url = reverse("key_task_file", args=[task.pk, file.pk])
    for who in ("south_officer", "south_reviewer", "outsider"):
        assert as_user(getattr(cast, who)).get(url).status_code == 404, who
    assert as_user(cast.south_officer).get(reverse("key_task_file", args=[other.pk, file.pk])).status_code == 404
    assert as_user(cast.observer).get(url).status_code == 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose the file to add."),
        (upload("a.png", b"MZ"), "The file is no PDF, JPEG, PNG, Excel workbook (.xlsx) or Word document (.docx)"),
        (upload("a.png", b""), "The file is empty. Choose another one."),
    ],
)
def test_refused_file_is_told_on_the_tasks_page(cast: Cast, task: KeyTask, given: dict[str, Any], words: str) -> None:
    answer = as_user(cast.officer).post(reverse("key_task_files", args=[task.pk]), given)
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not KeyTaskFile.objects.exists()


def test_file_over_the_limit_is_refused_before_it_is_kept_anywhere(cast: Cast, task: KeyTask, settings: Any) -> None:
    settings.FILE_MAX_BYTES = 1024 * 1024
    large = pdf() + b" " * 1024 * 1024
    answer = as_user(cast.officer).post(reverse("key_task_files", args=[task.pk]), upload("large.pdf", large))
    assert (answer.status_code, "The file is too large: 1 MB are possible." in text_of(answer)) == (422, True)
    assert not KeyTaskFile.objects.exists()


def test_own_file_is_removed_after_a_question(cast: Cast, task: KeyTask) -> None:
    file, officer = add(task, cast), as_user(cast.officer)
    url = reverse("key_task_file_remove", args=[task.pk, file.pk])
    asked = officer.get(url)
    assert "photo.png" in text_of(asked)
    assert "for the bureau and the other districts too" in text_of(asked)
    assert officer.post(url)["Location"] == reverse("key_task", args=[task.pk]) + "#evidence"
    assert not KeyTaskFile.objects.exists()
    assert officer.post(url).status_code == 404


def test_nothing_is_offered_while_it_is_the_bureaus_turn_and_a_late_press_is_told(cast: Cast, task: KeyTask) -> None:
    file = add(task, cast)
    answer_key_task(task=task, note="Done.", actor=cast.officer, now=timezone.now())
    officer, remove = as_user(cast.officer), reverse("key_task_file_remove", args=[task.pk, file.pk])
    page = parse(officer.get(reverse("key_task", args=[task.pk])))
    assert select(page, "#task-file") == []
    assert [link.get("href") for link in select(page, ".files a")] == [reverse("key_task_file", args=[task.pk, file.pk])]
    assert officer.get(remove).status_code == 403
    for url, given in ((remove, {}), (reverse("key_task_files", args=[task.pk]), upload("b.jpg", JPEG))):
        late = officer.post(url, given)
        assert (late.status_code, "its evidence stays as it is" in text_of(late)) == (409, True)
    assert list(KeyTaskFile.objects.all()) == [file]


def test_file_that_the_store_has_lost_is_told_and_not_an_error(cast: Cast, task: KeyTask) -> None:
    file = add(task, cast)
    default_storage.delete(file.stored_as)
    answer = as_user(cast.officer).get(reverse("key_task_file", args=[task.pk, file.pk]))
    assert (answer.status_code, "is not in the file store any more" in text_of(answer)) == (410, True)


def test_page_has_as_many_queries_for_three_files_as_for_one(cast: Cast, task: KeyTask) -> None:
    officer, url, counts = as_user(cast.officer), reverse("key_task", args=[task.pk]), []
    for contents in ((PNG,), (JPEG, pdf())):
        for content in contents:
            add(task, cast, content)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(url).status_code == 200
        counts.append(len(captured))
    assert counts == [13, 13]
