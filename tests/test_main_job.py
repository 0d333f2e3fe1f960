"""The whole job, as the bureau and two districts do it: over HTTP, with a worker, Redis and a mail server, all of them real."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from districts.models import OutgoingMail, User, WorkdayOverride
from reporting.domain.notices import when
from reporting.models import Audience, Cycle, ReminderPolicy, ReminderRung
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import fields_of, of_question, select
from tests.running import Machine, celery_url, own_redis, until
from tests.smtp import Post, start
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Portal:
    address: str
    clock: Celery
    post: Post
    machine: Machine

    def visitor(self, user: User) -> Visitor:
        return Visitor.signed_in(self.address, user)


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path) -> Iterator[Portal]:
    with own_redis(tmp_path) as redis:
        post = Post()
        server = start(post)
        machine = Machine(tmp_path, REDIS_URL=redis.url, EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
        try:
            address = machine.web()
            machine.worker()
            yield Portal(address, Celery(broker=celery_url(redis.url), set_as_current=False), post, machine)
        finally:
            machine.stop()
            server.stop()


def local_fields(name: str, instant: datetime) -> dict[str, str]:
    """A date and a time as the admin's form asks for them."""
    local = timezone.localtime(instant)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def open_cycle(portal: Portal, cast: Cast) -> Cycle:
    """The administrator plans a cycle that is due tomorrow, and opens it."""
    version, due = factories.make_version(), timezone.now() + timedelta(days=1)
    administrator = portal.visitor(cast.administrator)
    planned = administrator.press(
        administrator.get("/admin/reporting/cycle/add/"),
        "/admin/reporting/cycle/add/",
        definition_version=str(version.pk),
        period="2026-S1",
        reminder_policy=str(factories.make_policy().pk),
        **local_fields("due_at", due),
        **local_fields("locks_at", due + timedelta(days=7)),
    )
    assert planned.status == 200, planned.words
    cycle = Cycle.objects.get()
    step = f"/admin/reporting/cycle/{cycle.pk}/step/open/"
    assert administrator.press(administrator.get(step), step).path == f"/admin/reporting/cycle/{cycle.pk}/change/"
    cycle.refresh_from_db()
    return cycle


def remind(portal: Portal, cycle: Cycle) -> None:
    """A rung of the ladder that falls due the moment after the opening, and the clock's ring."""
    assert cycle.opened_at is not None
    moment, due = (timezone.localtime(instant) for instant in (cycle.opened_at + timedelta(milliseconds=1), cycle.due_at))
    for day in {moment.date(), due.date()}:
        WorkdayOverride.objects.create(date=day, is_workday=True)
    ReminderPolicy.objects.filter(pk=cycle.reminder_policy_id).update(quiet_from="23:59:59.999999", quiet_until=moment.time())
    ReminderRung.objects.create(
        policy=cycle.reminder_policy,
        offset=(moment.date() - due.date()).days,
        audiences=[Audience.OFFICERS, Audience.HEADS, Audience.REVIEWERS],
    )
    portal.clock.send_task("reporting.sweep_reminders", ignore_result=True)
    until(lambda: len(portal.post.received) == 6, what="the reminder")


def type_answers(officer: Visitor, report: str, answers: dict[str, str]) -> None:
    """Each answer is saved by itself, as the page's script does it."""
    shown = fields_of(officer.get(report))
    for key, raw in answers.items():
        saved = officer.save(f"{report}answers/", of_question(shown, key) | {f"answer-{key}": raw})
        assert (saved.status, "Portal-Saved" in saved.headers) == (200, True), saved.words


def hand_over_and_sign(officer: Visitor, head: Visitor, report: str, answers: dict[str, str]) -> None:
    type_answers(officer, report, answers)
    handed = officer.press(officer.get(report), f"{report}hand-over/")
    assert "Handed over" in handed.words
    signed = head.press(head.get(f"{report}sign/"), f"{report}sign/", statement="yes")
    assert "Signed and submitted" in signed.words


def review(visitor: Visitor, submission: int, step: str, **typed: str) -> Page:
    page = visitor.get(f"/admin/reporting/submission/{submission}/change/")
    action = f"/admin/reporting/submission/{submission}/step/{step}/"
    if step != "begin_review":
        page = visitor.get(action)
    return visitor.press(page, action, **typed)


def city_total(visitor: Visitor, cycle: Cycle) -> Decimal | None:
    """The headline of the figures page, once it is not being recomputed; None where there is none yet."""

    def page() -> Page:
        return visitor.get(f"/figures/{cycle.pk}/?indicator=TOTAL")

    until(lambda: "is being recomputed" not in page().words, what="the city's figure")
    found = select(page().tree, ".headline-figures strong")
    return Decimal(found[0].text_content()) if found and found[0].text_content() != "n/a" else None


NORTH = factories.ANSWERS
SOUTH = factories.ANSWERS | {"P1": "20", "P2": "10", "BASE": "25"}


def test_whole_job_over_http_moves_the_total_and_writes_to_whom_it_should(cast: Cast, portal: Portal) -> None:
    cycle = open_cycle(portal, cast)
    north, south = (cycle.submissions.get(district=district) for district in (cast.north, cast.south))
    remind(portal, cycle)
    officer, head, reviewer, approver = map(portal.visitor, (cast.officer, cast.head, cast.reviewer, cast.approver))

    southern = portal.visitor(cast.south_officer)
    assert southern.get(f"/reports/{north.pk}/").status == 404
    southern.press(southern.get("/"), f"/reports/{south.pk}/start/")
    hand_over_and_sign(southern, portal.visitor(cast.south_head), f"/reports/{south.pk}/", SOUTH)
    review(approver, south.pk, "begin_review")
    review(approver, south.pk, "approve")
    before = city_total(approver, cycle)
    assert before == Decimal(30)

    report = f"/reports/{north.pk}/"
    officer.press(officer.get("/"), f"{report}start/")
    hand_over_and_sign(officer, head, report, NORTH)
    review(reviewer, north.pk, "begin_review")
    page = reviewer.get(f"/admin/reporting/submission/{north.pk}/change/")
    comment_on(reviewer, page, north.pk, "P1", "Check this with the tax office.")
    due = (timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    review(reviewer, north.pk, "return", due_at=f"{timezone.localtime(due):%Y-%m-%dT%H:%M}")
    assert city_total(approver, cycle) == before

    comment = north.comments.get()
    answered = officer.press(officer.get(report), f"{report}comments/{comment.pk}/", reply="It is 70.")
    assert "marked as addressed" in answered.words
    hand_over_and_sign(officer, head, report, {"P1": "70"})
    review(reviewer, north.pk, "begin_review")
    assert city_total(approver, cycle) == before
    review(approver, north.pk, "approve")
    assert city_total(approver, cycle) == before + Decimal(110)
    check_mails(cast, portal, cycle, north.pk, south.pk, due)
    assert "Traceback" not in portal.machine.log.read_text()


def comment_on(reviewer: Visitor, page: Page, submission: int, key: str, text: str) -> None:
    """The form of one question's comments, of the many on the page that go to one address."""
    action = f"/admin/reporting/submission/{submission}/comments/"
    (form,) = (form for form in page.tree.forms if form.get("action") == action and form.fields.get("question_key") == key)
    assert reviewer.post(action, dict(form.form_values()) | {"text": text}).status == 200


def check_mails(cast: Cast, portal: Portal, cycle: Cycle, north: int, south: int, due: datetime) -> None:
    """Exactly these, one recipient each; text and HTML with one link, which opens for who got it."""
    until(lambda: not OutgoingMail.objects.exclude(state="sent").exists(), what="the last mail")
    people = {north: (cast.officer, cast.head), south: (cast.south_officer, cast.south_head)}
    reviewers = {north: cast.reviewer, south: cast.south_reviewer}
    names = {north: f"Northgate, {cycle}", south: f"Southgate, {cycle}"}
    expected: Counter[tuple[str, str]] = Counter()
    for pk, district in people.items():
        rounds = 2 if pk == north else 1
        for person in (*district, reviewers[pk]):
            expected[person.email, f"Due {when(cycle.due_at)}: {names[pk]}"] += 1
        for person in district:
            expected[person.email, f"Receipt: {names[pk]}"] += rounds
            expected[person.email, f"Approved: {names[pk]}"] += 1
        expected[reviewers[pk].email, f"Submitted: {names[pk]}"] += rounds
    for person in people[north]:
        expected[person.email, f"Returned: {names[north]}, due {when(due)}"] += 1
    received = Counter((mail["To"], mail["Subject"]) for mail in portal.post.received)
    assert received == expected
    assert portal.post.recipients == [[mail["To"]] for mail in portal.post.received]
    visitors = {user.email: portal.visitor(user) for group in people.values() for user in group}
    visitors |= {user.email: portal.visitor(user) for user in reviewers.values()}
    for mail in portal.post.received:
        link = link_of(mail, portal.address)
        page = visitors[mail["To"]].get(link)
        assert (page.status, page.url) == (200, link)


def link_of(mail: EmailMessage, address: str) -> str:
    """The direct link, the same in text and HTML."""
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    (link,) = set(re.findall(rf"{re.escape(address)}/\S+", text.get_content()))
    assert f'href="{link}"' in page.get_content()
    return link
