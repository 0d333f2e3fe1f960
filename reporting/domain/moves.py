"""An open cycle goes over to a newer version of its definition, and every report that is not signed with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictRole
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from districts.queries.access import is_bureau_administrator
from districts.queries.people import members_of
from reporting.domain.figures import mark_stale
from reporting.domain.following import copy_answers
from reporting.domain.notices import report_link, submission_of
from reporting.enums import EventKind, SubmissionState, VersionState
from reporting.models import Cycle, DefinitionVersion, Event, EvidenceFile, Question, Revision, Submission
from reporting.queries.definitions import questionnaire
from reporting.queries.moves import followed, given_answers, unfollowed, unsigned

KIND = "moved"


def move_cycle(*, cycle: Cycle, target: DefinitionVersion, actor: User, now: datetime) -> int:
    """Let the cycle ask what the newer version asks; gives how many reports have moved with it. A second call moves nothing.

    Each working revision that is not signed stays as it is, and a new one follows it on the newer version, with the answers by
    key. What does not follow is kept in the old revision and in the event. What is signed stays; it goes on from the newer
    version once it is returned, recalled or reopened. A report that waits for its signature goes back: nobody signs what
    nobody has seen.
    """
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes cycles."))
    with transaction.atomic():
        _lock_reports(cycle)  # before the cycle, as every step on a report does
        locked = Cycle.objects.select_for_update(of=("self",)).select_related("definition_version").get(pk=cycle.pk)
        if locked.opened_at is None:
            raise Conflict(_("This cycle is not open yet: choose the version on its own page."))
        if locked.definition_version_id == target.pk:
            return 0
        _need_movable(locked, target, now)
        _lock_reports(cycle)  # those that joined meanwhile; from here on none does
        before = locked.definition_version
        reports = list(unsigned(locked).select_related("working_revision", "district"))
        locked.definition_version = target
        locked.save(update_fields=["definition_version"])
        moved = _open_revisions(reports, target, now)
        events = list(_events(reports, before, target, actor, now))
        Event.objects.bulk_create(events, batch_size=500)
        _point(reports, moved)
        _tell(reports, [event for event in events if event.kind == EventKind.MOVE], now)
        mark_stale(cycle=locked, now=now)
        return len(reports)


def _lock_reports(cycle: Cycle) -> None:
    list(Submission.objects.filter(cycle=cycle.pk).order_by("pk").select_for_update().values_list("pk"))


def _need_movable(cycle: Cycle, target: DefinitionVersion, now: datetime) -> None:
    if not cycle.is_open(now):
        raise Refused(_("This cycle is locked. Move its times first."))
    if target.definition_id != cycle.definition_id:
        raise Refused(_("This version belongs to another definition."))
    if target.state != VersionState.PUBLISHED:
        raise Refused(_("Publish the definition version first."))
    if target.number < cycle.definition_version.number:
        raise Refused(_("The cycle asks for a newer version already: a cycle moves forward alone."))


def _open_revisions(reports: Sequence[Submission], target: DefinitionVersion, now: datetime) -> dict[int, int]:
    """By the number of the revision that was worked on, that of the one that follows it."""
    latest: dict[int, int] = defaultdict(int)
    for submission, number in Revision.objects.filter(submission__in=reports).values_list("submission", "number"):
        latest[submission] = max(latest[submission], number)
    made = Revision.objects.bulk_create(
        (
            Revision(
                submission=report,
                district_id=report.district_id,
                number=latest[report.pk] + 1,
                definition_version=target,
                nil_reason=report.working_revision.nil_reason if report.working_revision else "",
                created_at=now,
            )
            for report in reports
        ),
        batch_size=500,
    )
    by_version: dict[int, dict[int, int]] = defaultdict(dict)
    for report, revision in zip(reports, made, strict=True):
        if report.working_revision:
            by_version[report.working_revision.definition_version_id][report.working_revision.pk] = revision.pk
    after = questionnaire(target.pk)
    for version, pairs in by_version.items():
        copy_answers(revisions=pairs, questions=followed(questionnaire(version), after))
    return {origin: follower for pairs in by_version.values() for origin, follower in pairs.items()}


def _point(reports: Sequence[Submission], moved: dict[int, int]) -> None:
    """Each report to its new revision; those that waited for a signature to the state they were handed over from."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE reporting_submission s SET working_revision_id = moved.revision, state = moved.state
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS moved(id, revision, state) WHERE s.id = moved.id
            """,
            [
                [report.pk for report in reports],
                [moved[report.working_revision_id or 0] for report in reports],
                [report.state for report in reports],
            ],
        )


def _events(
    reports: Sequence[Submission], before: DefinitionVersion, target: DefinitionVersion, actor: User, now: datetime
) -> Iterator[Event]:
    """For each report what happened to it: taken back, where it waited for its signature, and moved."""
    sources = _sources(reports)
    dropped = _dropped(reports, target)
    added = [_named(one) for one in _added(before, target)]
    for report in reports:
        about = {"submission": report, "district_id": report.district_id, "revision_id": report.working_revision_id}
        if report.state == SubmissionState.AWAITING_SIGNATURE:
            state = sources[report.pk]
            yield Event(kind=EventKind.TAKE_BACK, actor=actor, from_state=report.state, to_state=state, at=now, **about)
            report.state = state
        numbers = {"before": before.number, "after": target.number}
        data = {**numbers, "dropped": dropped[report.working_revision_id or 0], "added": added}
        states = {"from_state": report.state, "to_state": report.state}
        yield Event(kind=EventKind.MOVE, actor=actor, at=now, data=data, **states, **about)


def _sources(reports: Sequence[Submission]) -> dict[int, str]:
    """Where each report that waits for its signature was handed over from."""
    waiting = [report.pk for report in reports if report.state == SubmissionState.AWAITING_SIGNATURE]
    handed = Event.objects.filter(submission__in=waiting, kind=EventKind.HAND_OVER).order_by("at", "pk")
    return dict(handed.values_list("submission", "from_state"))


def _added(before: DefinitionVersion, target: DefinitionVersion) -> list[Question]:
    """What has to be answered now, and had not."""
    old, new = questionnaire(before.pk), questionnaire(target.pk)
    kept = {question.key for question in followed(old, new)}
    return [question for question in new.entered if question.required and question.key not in kept]


def _named(question: Question) -> dict[str, Any]:
    """The question in both languages, for whoever reads of it once it is not asked any more."""
    indicator = question.indicator
    name = question.label or (indicator.name if indicator else question.key)
    in_chinese = question.label_zh or ("" if question.label or not indicator else indicator.name_zh)
    return {"key": question.key, "label": [name, in_chinese]}


def _dropped(reports: Sequence[Submission], target: DefinitionVersion) -> dict[int, list[dict[str, Any]]]:
    """By revision the answers that do not follow, as they were typed."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    after = questionnaire(target.pk)
    revisions = {one.working_revision.definition_version_id for one in reports if one.working_revision}
    for version in revisions:
        gone = {one.key: _named(one) for one in unfollowed(questionnaire(version), after)}
        mine = [
            one.working_revision_id
            for one in reports
            if one.working_revision and one.working_revision.definition_version_id == version
        ]
        for answer in given_answers((pk for pk in mine if pk), gone):
            said = {"raw": answer.raw, "status": answer.status, "explanation": answer.explanation}
            found[answer.revision_id].append(gone[answer.question_key] | said)
        for file in EvidenceFile.objects.filter(revision__in=mine, question_key__in=gone):
            found[file.revision_id].append(gone[file.question_key] | {"raw": file.name, "status": "", "explanation": ""})
    return found


def _tell(reports: Sequence[Submission], events: Sequence[Event], now: datetime) -> None:
    """Officers and heads of every report that is expected."""
    people = members_of({report.district_id for report in reports}, (DistrictRole.OFFICER, *HEAD_ROLES))
    queue_mails(
        (
            NewMail(
                kind=KIND,
                recipient=person,
                about=f"submission:{report.pk}",
                instant=now,
                district=report.district,
                context={"submission": report.pk, "event": event.pk},
            )
            for report, event in zip(reports, events, strict=True)
            if report.state != SubmissionState.RELEASED
            for person in people[report.district_id]
        ),
        now=now,
    )


def _letter(mail: OutgoingMail, _now: datetime) -> Letter | None:
    submission = submission_of(mail)
    if submission is None:
        return None
    event = Event.objects.get(pk=mail.context["event"])
    paragraphs = [
        _("The bureau has moved the report to a newer version of its form. Answers to questions that are still asked are there."),
    ]
    if event.added:
        paragraphs.append(_("New questions that have to be answered: %(questions)s.") % {"questions": _("; ").join(event.added)})
    if event.dropped:
        paragraphs.append(_("These answers are not asked for any more. They are kept in the report's history:"))
    if submission.events.filter(kind=EventKind.TAKE_BACK, at=event.at).exists():
        paragraphs.append(_("The report waited for its signature and was taken back: hand it over again once it is complete."))
    return Letter(
        subject=_("New version of the form: %(district)s, %(report)s")
        % {"district": submission.district_label, "report": submission.cycle},
        paragraphs=paragraphs,
        quotes=[(one.label, one.raw) for one in event.dropped],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def register_moves() -> None:
    register(Kind(KIND, gettext_lazy("Form changed"), _letter))
