"""Files that the bureau sends and gets: a definition, and the workbooks of a cycle as a job that is watched."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Cycle, DefinitionVersion, Job
from reporting.queries.exchange import as_file, exported
from tests.browser.conftest import Desk
from tests.conftest import Cast

pytestmark = pytest.mark.browser


def test_definition_file_is_chosen_looked_at_and_imported(desk: Desk, cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    file = tmp_path / "definition.json"
    file.write_text(as_file(exported(cycle.definition_version_id)), encoding="utf-8")
    page = desk.window(cast.administrator)
    page.goto(reverse("admin:reporting_definitionversion_import"))
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Look at the file…").click()
    page.get_by_role("button", name="Import", exact=False).click()
    expect(page.get_by_text("is imported as a draft")).to_be_visible()
    assert list(DefinitionVersion.objects.order_by("number").values_list("number", "state")) == [(1, "published"), (2, "draft")]


def test_job_is_watched_to_its_end_without_a_reload(desk: Desk, cast: Cast, cycle: Cycle, tmp_path: Path) -> None:
    page = desk.window(cast.reviewer)
    page.goto(reverse("admin:reporting_job_exchange"))
    page.get_by_role("button", name="Make the workbooks").click()
    expect(page.get_by_text("0 of 1")).to_be_visible()
    job = Job.objects.get()
    run_job(job_id=job.pk, works=WORKS, now=timezone.now())
    expect(page.get_by_text("1 of 1")).to_be_visible()
    with page.expect_download() as given:
        page.get_by_role("link", name="Download the workbooks").click()
    archive = tmp_path / "workbooks.zip"
    given.value.save_as(archive)

    page.goto(reverse("admin:reporting_job_exchange"))
    page.set_input_files("input[type=file]", archive)
    page.get_by_role("button", name="Read the workbooks").click()
    expect(page.get_by_text("0 of 1")).to_be_visible()
    run_job(job_id=Job.objects.latest("pk").pk, works=WORKS, now=timezone.now())
    expect(page.get_by_text("Nothing is filled in in this workbook.")).to_be_visible()
