"""The supervision register: how each task stands, its filters, the tasks over time, and the register as a file."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from districts.models import District, User
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task, close_key_task, send_back_key_task
from reporting.domain.key_tasks.extensions import ask_task_extension
from reporting.domain.key_tasks.progress import tell_progress
from reporting.enums.symposiums import ProblemKind
from reporting.models import Cycle, KeyTask, Submission
from reporting.queries.symposiums.problems import find
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in
from tests.reporting.views.browser import parse, select

pytestmark = pytest.mark.django_db
LIST = "admin:reporting_keytask_changelist"
TIMELINE = "admin:reporting_keytask_timeline"
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
HEADER = [
    "Key task",
    "Source",
    "Reference",
    "Lead",
    "Co-leads",
    "Deliverable",
    "Assigned",
    "Deadline",
    "State",
    "Standing",
    "Progress (%)",
    "What was done",
    "Told",
    "Closed",
]


def make(cast: Cast, title: str, days: int, *, lead: District | None = None, ago: int = 100, **more: Any) -> KeyTask:
    """Due in so many days, begun so many days ago."""
    then = NOW - timedelta(days=ago)
    given = Assignment(title, lead or cast.north, "A plan", TODAY + timedelta(days=days), **more)
    task = assign_key_task(assignment=given, actor=cast.approver, now=then)
    assert task.begins_on == timezone.localdate(then)
    return task


def say(task: KeyTask, progress: int, actor: User, text: str = "Most of it.") -> None:
    party = task.parties.get(role="lead")
    tell_progress(party=party, progress=progress, text=text, actor=actor, now=NOW)


@pytest.fixture
def tasks(cast: Cast) -> dict[str, KeyTask]:
    """One of each signal in the north, and one that is overdue in the south."""
    made = {
        "red": make(cast, "Red", -1),
        "yellow": make(cast, "Yellow", 100),
        "blue": make(cast, "Blue", 5),
        "none": make(cast, "None", 200, ago=0),
        "waiting": make(cast, "Waiting", -3),
        "south": make(cast, "South", -2, lead=cast.south),
    }
    say(made["blue"], 95, cast.officer)
    answer_key_task(task=made["waiting"], note="Done.", actor=cast.officer, now=NOW)
    return made


def titles(client: Client, **query: str) -> list[str]:
    response = client.get(f"{reverse(LIST)}?{urlencode(query)}")
    assert response.status_code == 200
    return [cell.text_content() for cell in select(parse(response), "#result_list .field-title_shown .bureau-cell")]


def downloaded(client: Client, extension: str, **query: str) -> list[list[Any]]:
    response = client.get(f"{reverse('admin:reporting_keytask_export', args=[extension])}?{urlencode(query)}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="key-tasks.{extension}"'
    if extension == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# How each stands.


def test_list_tells_signal_and_progress_by_word_and_shape(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    page = parse(signed_in(cast.reviewer).get(reverse(LIST)))
    rows = select(page, "#result_list tbody tr")
    cells = [
        tuple(" ".join(select(row, f".field-{name}")[0].text_content().split()) for name in ("progress_shown", "signal_shown"))
        for row in rows
    ]
    today, nothing = date_format(TODAY, "SHORT_DATE_FORMAT"), "0 %nothing told yet"
    assert cells == [
        (f"100 %{today}", "○ Waits for the bureau"),
        (nothing, "■ Overdue"),
        (f"95 %{today}", "◆ Due soon"),
        (nothing, "▲ Behind"),
        (nothing, "● On course"),
    ]


def test_last_progress_is_the_leads_and_not_a_co_leads_or_an_earlier_one(cast: Cast) -> None:
    task = make(cast, "Shared", 100, co_leads=[cast.south])
    lead, co_lead = task.parties.get(role="lead"), task.parties.get(role="co_lead")
    for party, actor, progress, ago in (
        (lead, cast.officer, 20, 9),
        (lead, cast.officer, 30, 2),
        (co_lead, cast.south_officer, 90, 0),
    ):
        tell_progress(party=party, progress=progress, text="Done.", actor=actor, now=NOW - timedelta(days=ago))
    (cell,) = select(parse(signed_in(cast.south_reviewer).get(reverse(LIST))), "#result_list .field-progress_shown")
    day = date_format(TODAY - timedelta(days=2), "SHORT_DATE_FORMAT")
    assert " ".join(cell.text_content().split()) == f"30 %{day}"


def signals(client: Client, path: str, where: str = "main") -> list[tuple[str | None, str]]:
    found = select(parse(client.get(path)), f"{where} .signal")
    return [(tag.get("data-signal"), " ".join(tag.text_content().split())) for tag in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("red", [("red", "■ Overdue")]),
        ("yellow", [("yellow", "▲ Behind")]),
        ("blue", [("blue", "◆ Due soon")]),
        ("none", [("none", "● On course")]),
        ("waiting", [("waiting", "○ Waits for the bureau")]),
        ("back", [("red", "■ Overdue"), (None, "Sent back")]),
        ("closed", [(None, "Closed")]),
    ],
)
def test_signal_of_a_task_is_the_same_on_the_districts_page_and_on_the_bureaus(
    cast: Cast, tasks: dict[str, KeyTask], name: str, expected: list[tuple[str | None, str]]
) -> None:
    task = tasks.get(name, tasks["waiting"])
    if name == "back":
        send_back_key_task(task=task, note="Not yet.", actor=cast.approver, now=NOW)
    if name == "closed":
        close_key_task(task=task, note="Seen.", actor=cast.approver, now=NOW)
    assert signals(signed_in(cast.officer), reverse("key_task", args=[task.pk])) == expected
    assert signals(signed_in(cast.reviewer), reverse("admin:reporting_keytask_change", args=[task.pk]), "#content") == expected


def test_closed_task_has_no_signal(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    close_key_task(task=tasks["red"], note="Seen.", actor=cast.approver, now=NOW)
    page = parse(signed_in(cast.reviewer).get(f"{reverse(LIST)}?state=closed"))
    (row,) = select(page, "#result_list tbody tr")
    assert select(row, ".field-signal_shown")[0].text_content().strip() == "-"


def test_what_is_reported_as_done_waits_and_is_not_overdue_until_it_is_sent_back(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    client = signed_in(cast.reviewer)
    url = reverse("admin:reporting_keytask_change", args=[tasks["waiting"].pk])
    (tag,) = select(parse(client.get(url)), "[data-signal]")
    assert (tag.get("data-signal"), tag.text_content().strip()) == ("waiting", "○ Waits for the bureau")
    send_back_key_task(task=tasks["waiting"], note="Not yet.", actor=cast.approver, now=NOW)
    (tag,) = select(parse(client.get(url)), "[data-signal]")
    assert (tag.get("data-signal"), tag.text_content().strip()) == ("red", "■ Overdue")


PORTAL_PAGES = ["home", "key_tasks", "key_task", "district", "report"]
BUREAU_PAGES = ["district", LIST, TIMELINE, "admin:reporting_keytask_change", "admin:reporting_submission_change"]


@pytest.mark.parametrize(
    ("who", "name"), [*(("officer", name) for name in PORTAL_PAGES), *(("reviewer", name) for name in BUREAU_PAGES)]
)
def test_no_page_shows_as_overdue_what_waits_for_the_bureau(cast: Cast, submission: Submission, who: str, name: str) -> None:
    task = make(cast, "Done in time", -3)
    south = make(cast, "South", -2, lead=cast.south)
    then = NOW - timedelta(days=5)
    answer_key_task(task=task, note="Done.", actor=cast.officer, now=then)
    if who == "reviewer":
        factories.submit(submission, cast.head)
    given: dict[str, list[Any]] = {
        "key_task": [task.pk],
        "district": ["north"],
        "report": [submission.pk],
        "admin:reporting_keytask_change": [task.pk],
        "admin:reporting_submission_change": [submission.pk],
    }
    response = signed_in(getattr(cast, who)).get(reverse(name, args=given.get(name)))
    assert response.status_code == 200
    page = parse(response)
    drawn = [shape for drawing in select(page, "figure svg") for shape in select(drawing, ".p-bad")]
    shown = {(tag.get("data-signal"), " ".join(tag.text_content().split())) for tag in select(page, ".signal")}
    words = {cell.text_content() for cell in select(page, "figure tbody td")}
    assert (drawn, "Overdue" in words) == ([], False)
    assert shown == ({("waiting", "○ Waits for the bureau")} if name != TIMELINE else set())
    assert ("Waits for the bureau" in words) == (name in {TIMELINE, "key_tasks", "district"})
    assert south.title not in page.text_content().replace("Southgate", "")


def test_symposium_finds_no_overdue_task_where_the_bureau_has_to_answer(cast: Cast, cycle: Cycle) -> None:
    answer_key_task(task=make(cast, "Done in time", -3), note="Done.", actor=cast.officer, now=NOW - timedelta(days=5))
    make(cast, "South", -2, lead=cast.south)
    assert [found.districts for found in find(cycle, NOW) if found.kind == ProblemKind.TASK] == [(cast.south.pk,)]


def test_signed_report_says_of_a_task_that_was_closed_since_that_it_is_closed(
    cast: Cast, tasks: dict[str, KeyTask], submission: Submission
) -> None:
    factories.submit(submission, cast.head)
    close_key_task(task=tasks["blue"], note="Seen.", actor=cast.approver, now=NOW)
    found = signals(signed_in(cast.reviewer), reverse("admin:reporting_submission_change", args=[submission.pk]), "#content")
    assert (None, "Closed") in found
    assert ("waiting", "○ Waits for the bureau") in found
    assert len(found) == 5


# Filters.


@pytest.mark.parametrize(
    ("signal", "found"),
    [
        ("red", ["Red"]),
        ("yellow", ["Yellow"]),
        ("blue", ["Blue"]),
        ("waiting", ["Waiting"]),
        ("none", ["None"]),
        ("purple", ["Waiting", "Red", "Blue", "Yellow", "None"]),
    ],
)
def test_signal_filter_shows_those_of_the_own_portfolio(
    cast: Cast, tasks: dict[str, KeyTask], signal: str, found: list[str]
) -> None:
    assert [title.removesuffix("Three-year action plan") for title in titles(signed_in(cast.reviewer), signal=signal)] == found


def test_signal_filter_goes_with_the_others_and_leaves_closed_tasks_out(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    close_key_task(task=tasks["red"], note="Seen.", actor=cast.approver, now=NOW)
    client = signed_in(cast.administrator)
    assert len(titles(client, signal="red")) == 1
    assert titles(client, signal="red", district="north") == []
    assert titles(client, signal="none", state="closed") == []


def test_filter_of_requests_shows_those_that_wait(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    soon = make(cast, "Soon", 3, lead=cast.south)
    for task, head in ((tasks["blue"], cast.head), (soon, cast.south_head)):
        ask_task_extension(task=task, wanted=TODAY + timedelta(days=9), why="Late.", actor=head, now=NOW)
    assert len(titles(signed_in(cast.reviewer), extension="waiting")) == 1
    assert len(titles(signed_in(cast.administrator), extension="waiting")) == 2


# Files.


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_file_has_the_filtered_register_in_its_order(cast: Cast, tasks: dict[str, KeyTask], extension: str) -> None:
    say(tasks["yellow"], 20, cast.officer, "The first ten.")
    header, red, yellow = (
        downloaded(signed_in(cast.reviewer), extension)[0],
        *(downloaded(signed_in(cast.reviewer), extension, signal=name)[1] for name in ("red", "yellow")),
    )
    assert header == HEADER
    begun, due = str(TODAY - timedelta(days=100)), str(TODAY + timedelta(days=100))
    empty = "" if extension == "csv" else None
    number: Any = str if extension == "csv" else int
    plan = ["Three-year action plan", empty, "Northgate", empty, "A plan"]
    assert red == ["Red", *plan, begun, str(TODAY - timedelta(days=1)), "Assigned", "Overdue", number(0), empty, empty, empty]
    told = [number(20), "The first ten.", str(TODAY), empty]
    assert yellow == ["Yellow", *plan, begun, due, "Assigned", "Behind", *told]


def test_file_holds_every_page_of_the_list_and_nothing_of_others(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    for number in range(31):
        make(cast, f"Many {number}", 300, ago=0)
    client = signed_in(cast.reviewer)
    assert len(titles(client)) == 25
    rows = downloaded(client, "csv")[1:]
    assert len(rows) == 36
    assert {row[3] for row in rows} == {"Northgate"}
    assert [row[0] for row in downloaded(client, "csv", q="Many 7")[1:]] == ["Many 7", "Many 17", "Many 27"]


def test_file_of_a_task_of_two_districts_names_lead_and_co_leads(cast: Cast) -> None:
    make(cast, "=HYPERLINK(1)", 30, co_leads=[cast.south])
    (_header, row) = downloaded(signed_in(cast.south_reviewer), "csv")
    assert (row[0], row[3], row[4]) == ("'=HYPERLINK(1)", "Northgate", "Southgate")
    (_header, row) = downloaded(signed_in(cast.south_reviewer), "xlsx")
    assert row[0] == "=HYPERLINK(1)"


@pytest.mark.parametrize(("extension", "title", "text"), [("csv", "A\x08B", "'=1\x02"), ("xlsx", "A\ufffdB", "=1\ufffd")])
def test_file_of_what_was_pasted_with_control_characters_is_whole(cast: Cast, extension: str, title: str, text: str) -> None:
    say(make(cast, "A\x08B", 30), 20, cast.officer, "=1\x02")
    make(cast, "Next", 40)
    first, second = downloaded(signed_in(cast.reviewer), extension)[1:]
    assert (first[0], first[11], second[0]) == (title, text, "Next")


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_file_has_the_order_and_the_day_of_the_list_but_not_its_page(cast: Cast, extension: str) -> None:
    for number in range(27):
        make(cast, f"Many {number:02}", 300, ago=0)
    make(cast, "Another year", 800, ago=0)
    client = signed_in(cast.reviewer)
    second = parse(client.get(f"{reverse(LIST)}?o=-1&p=2&q=Many"))
    links = {a.text_content(): a.get("href") for a in select(second, "a.bureau-button")}
    address = reverse("admin:reporting_keytask_export", args=[extension])
    assert links[f"Download as {extension.upper()}"] == f"{address}?o=-1&q=Many"
    rows = downloaded(client, extension, o="-1", p="2", q="Many")[1:]
    assert [row[0] for row in rows] == [f"Many {number:02}" for number in reversed(range(27))]
    year = str((TODAY + timedelta(days=800)).year)
    assert [row[0] for row in downloaded(client, extension, deadline__year=year)[1:]] == ["Another year"]


def test_file_without_a_task_has_its_header_and_unknown_filters_are_not_found(cast: Cast) -> None:
    client = signed_in(cast.reviewer)
    assert downloaded(client, "csv") == [HEADER]
    for url in (reverse(TIMELINE), reverse("admin:reporting_keytask_export", args=["csv"])):
        assert client.get(f"{url}?parties__nothing=1").status_code == 404


def test_file_in_chinese(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    User.objects.update(language="zh-hans")
    header, row = downloaded(signed_in(cast.reviewer), "csv", signal="waiting")
    assert header[:4] == ["重点任务", "来源", "依据", "牵头区"]
    assert row[9] == "待市局办结"


# Over time.


def test_timeline_shows_the_filtered_tasks_by_lead_and_deadline_with_their_twin(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    page = parse(signed_in(cast.administrator).get(reverse(TIMELINE)))
    rows = [[cell.text_content() for cell in select(row, "th, td")] for row in select(page, "figure tbody tr")]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("Waiting", "Northgate", "Waits for the bureau"),
        ("Red", "Northgate", "Overdue"),
        ("Blue", "Northgate", "Due soon"),
        ("Yellow", "Northgate", "Behind"),
        ("None", "Northgate", "On course"),
        ("South", "Southgate", "Overdue"),
    ]
    for drawing in select(page, "figure svg"):
        assert [text.text_content() for text in select(drawing, ".p-strong")] == ["Northgate", "Southgate"]
        assert len(select(drawing, ".p-today")) == 1
    note, source = (line.text_content() for line in select(page, "figure > .picture-note"))
    assert note.endswith("today. ■ Overdue, ▲ Behind, ◆ Due soon, ○ Waits for the bureau, ● On course.")
    assert source.startswith("Source: supervision register, as of ")
    (heading,) = select(page, "#timeline-title")
    assert heading.text_content() == "6 key tasks"


def test_timeline_takes_the_filters_there_and_back(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    client = signed_in(cast.reviewer)
    listed = parse(client.get(f"{reverse(LIST)}?signal=red"))
    (link,) = [a for a in select(listed, "a.bureau-button") if a.text_content() == "Over time"]
    assert link.get("href") == f"{reverse(TIMELINE)}?signal=red"
    page = parse(client.get(link.get("href") or ""))
    assert [cell.text_content() for cell in select(page, "figure tbody th")] == ["Red"]
    assert select(page, "a.bureau-button")[-1].get("href") == f"{reverse(LIST)}?signal=red"


def test_timeline_names_what_it_is_filtered_by(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    client, year = signed_in(cast.reviewer), str(TODAY.year)

    def told(**query: str) -> list[str]:
        found = select(parse(client.get(f"{reverse(TIMELINE)}?{urlencode(query)}")), ".bureau-narrowed")
        return [" ".join(line.text_content().split()) for line in found]

    assert told() == told(signal="purple") == told(o="-1") == []
    assert told(signal="red") == ["Filtered by signal: Overdue"]
    assert told(state="answered", extension="waiting", district="north", source="plan") == [
        "Filtered by state: Answered · request: More time is asked for · source: Three-year action plan · district: Northgate"
    ]
    assert told(q="<b>", deadline__year=year, deadline__month="3") == [f"Filtered by deadline: {year}-3 · search: <b>"]


def test_timeline_names_no_district_of_others(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    page = parse(signed_in(cast.reviewer).get(f"{reverse(TIMELINE)}?district=south"))
    assert "Southgate" not in page.text_content()


def test_timeline_in_chinese(cast: Cast, tasks: dict[str, KeyTask]) -> None:
    User.objects.update(language="zh-hans")
    page = parse(signed_in(cast.reviewer).get(f"{reverse(TIMELINE)}?signal=red"))
    assert select(page, ".picture-note")[0].text_content().endswith("虚线为今天。■ 逾期。")
    (line,) = select(page, ".bureau-narrowed")
    assert " ".join(line.text_content().split()) == "筛选条件： 进度预警：逾期"


def test_timeline_without_a_task_says_so_and_of_many_draws_the_first(cast: Cast) -> None:
    client = signed_in(cast.reviewer)
    empty = parse(client.get(reverse(TIMELINE)))
    assert "No key task fits these filters." in empty.text_content()
    assert select(empty, "figure") == []
    for number in range(41):
        make(cast, f"Many {number:02}", 300, ago=0)
    many = parse(client.get(reverse(TIMELINE)))
    assert "The first 40 are drawn. Filter the list to see others." in many.text_content()
    assert len(select(many, "figure tbody tr")) == 40


@pytest.mark.parametrize(
    ("path", "expected"),
    [(reverse(LIST), 10), (reverse(TIMELINE), 8), (reverse("admin:reporting_keytask_export", args=["csv"]), 7)],
)
def test_queries_do_not_grow_with_the_rows(cast: Cast, path: str, expected: int) -> None:
    client, counts = signed_in(cast.reviewer), []
    for number in range(3):
        make(cast, f"Task {number}", 30, co_leads=[cast.south])
        if number in {0, 2}:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"{path}?signal=none").status_code == 200
            counts.append(len(captured))
    assert counts == [expected] * 2
