"""Children carry their parent's district: the keys as the catalogue has them, and what they refuse at commit."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from districts.models import ActingHead
from reporting.models import (
    Answer,
    Attendance,
    Comment,
    Enquiry,
    EnquiryMessage,
    Event,
    EvidenceFile,
    JobItem,
    KeyTask,
    KeyTaskFile,
    KeyTaskParty,
    KeyTaskRecord,
    KeyTaskUpdate,
    Outlet,
    Petition,
    Placement,
    Practice,
    PublicityItem,
    ReleasedFigure,
    Revision,
    Scan,
    Submission,
    Target,
    TargetAcknowledgement,
    WorkbookUpload,
)
from tests.conftest import Cast
from tests.factories import NOW, fill
from tests.reporting.domain.states import LATER, bring_to

KEYS = {
    ("districts_actinghead", ("membership_id", "district_id"), "districts_membership", ("id", "district_id")),
    ("reporting_revision", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_answer", ("revision_id", "district_id"), "reporting_revision", ("id", "district_id")),
    ("reporting_comment", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    (
        "reporting_comment",
        ("revision_id", "submission_id", "district_id"),
        "reporting_revision",
        ("id", "submission_id", "district_id"),
    ),
    ("reporting_enquiry", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_enquirymessage", ("enquiry_id", "district_id"), "reporting_enquiry", ("id", "district_id")),
    ("reporting_scan", ("revision_id", "district_id"), "reporting_revision", ("id", "district_id")),
    ("reporting_evidencefile", ("revision_id", "district_id"), "reporting_revision", ("id", "district_id")),
    ("reporting_event", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_jobitem", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_petition", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_keytaskupdate", ("party_id", "district_id"), "reporting_keytaskparty", ("id", "district_id")),
    ("reporting_keytaskupdate", ("revision_id", "district_id"), "reporting_revision", ("id", "district_id")),
    ("reporting_keytaskfile", ("party_id", "district_id"), "reporting_keytaskparty", ("id", "district_id")),
    ("reporting_practice", ("submission_id", "district_id"), "reporting_submission", ("id", "district_id")),
    ("reporting_placement", ("item_id", "district_id"), "reporting_publicityitem", ("id", "district_id")),
    (
        "reporting_event",
        ("revision_id", "submission_id", "district_id"),
        "reporting_revision",
        ("id", "submission_id", "district_id"),
    ),
    (
        "reporting_workbookupload",
        ("revision_id", "submission_id", "district_id"),
        "reporting_revision",
        ("id", "submission_id", "district_id"),
    ),
    (
        "reporting_submission",
        ("working_revision_id", "id", "district_id"),
        "reporting_revision",
        ("id", "submission_id", "district_id"),
    ),
    (
        "reporting_submission",
        ("approved_revision_id", "id", "district_id"),
        "reporting_revision",
        ("id", "submission_id", "district_id"),
    ),
}
_CATALOGUE = """
    SELECT c.conrelid::regclass::text, array_agg(a.attname::text ORDER BY k.place), c.confrelid::regclass::text,
           array_agg(f.attname::text ORDER BY k.place), c.condeferrable AND c.condeferred AND c.convalidated
    FROM pg_constraint c
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (own, parent, place)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
    JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.parent
    WHERE c.contype = 'f' AND cardinality(c.conkey) > 1
    GROUP BY c.oid
"""


@pytest.mark.django_db
def test_catalogue_has_exactly_the_tenant_keys_all_deferred() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE)
        rows = cursor.fetchall()
    assert {(table, tuple(own), parent, tuple(columns)) for table, own, parent, columns, _deferred in rows} == KEYS
    assert len(rows) == len(KEYS)
    assert all(deferred for *_names, deferred in rows)


@pytest.mark.django_db
def test_every_table_with_a_district_and_a_parent_of_a_district_has_a_tenant_key() -> None:
    """Found from the models, so that a new tenant table cannot be forgotten."""
    tenants = {model for model in _models() if "district_id" in _columns(model) and model._meta.app_label == "reporting"}
    missing = {
        (model._meta.db_table, field.attname)
        for model in tenants
        for field in model._meta.concrete_fields
        if field.related_model in tenants and not any(key[0] == model._meta.db_table and field.attname in key[1] for key in KEYS)
    }
    assert tenants == {
        Attendance,
        Submission,
        Revision,
        Answer,
        Comment,
        Enquiry,
        EnquiryMessage,
        Event,
        EvidenceFile,
        JobItem,
        KeyTaskFile,
        KeyTaskParty,
        KeyTaskRecord,
        KeyTaskUpdate,
        Petition,
        Placement,
        Practice,
        PublicityItem,
        ReleasedFigure,
        Scan,
        Target,
        TargetAcknowledgement,
        WorkbookUpload,
    }
    assert missing == set()


def _models() -> list[Any]:
    """Without the history that triggers alone write."""
    return [model for model in apps.get_models() if model._meta.managed and not hasattr(model, "pgh_tracked_model")]


def _columns(model: Any) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def _strays(north: Submission, south: Submission, cast: Cast) -> dict[str, list[Any]]:
    """Rows that point across districts, by the key that must refuse them. `north` and `south` are submitted reports."""
    mine, theirs = north.working_revision, south.working_revision
    event = {"kind": "start", "from_state": "draft", "to_state": "draft", "at": NOW}
    comment = {"text": "x", "author": cast.approver, "created_at": NOW}
    revision = {"number": 9, "definition_version": north.cycle.definition_version, "created_at": NOW}
    enquiry = {"asked_by": cast.officer, "asked_at": NOW, "latest_at": NOW}
    thread = Enquiry(submission=north, district=cast.north, **enquiry)
    message = {"text": "x", "author": cast.officer, "at": NOW}
    scan = {
        "kind": "png",
        "name": "x.png",
        "size": 1,
        "sha256": "x",
        "content": b"x",
        "uploaded_by": cast.officer,
        "uploaded_at": NOW,
    }
    upload = {
        "name": "x.xlsx",
        "content": b"x",
        "changes": [],
        "problems": [],
        "places": {},
        "uploaded_by": cast.officer,
        "uploaded_at": NOW,
        "expires_at": LATER,
    }
    kept = {"kind": "png", "name": "x.png", "size": 1, "sha256": "0" * 64}
    kept |= {"added_by": cast.officer, "added_at": NOW}
    evidence = kept | {"question_key": "x"}
    petition = {"kind": "extension", "wanted_due_at": LATER, "why": "x", "asked_by": cast.officer, "asked_at": NOW}
    begun = {"begins_on": NOW.date(), "deadline": NOW.date(), "assigned_by": cast.approver, "assigned_at": NOW}
    task = KeyTask(title="x", source="plan", deliverable="x", **begun)
    party = KeyTaskParty(task=task, district=cast.north, role="lead")
    said = {"progress": 1, "actor": cast.officer, "at": NOW}
    other = Revision(submission=south, district=cast.south, **revision)
    outlet = Outlet(name="x", name_zh="x", kind="other")
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    planned = {"kind": "story", "title": "x", "summary": "x", "proposed_by": cast.officer, "proposed_at": NOW}
    practice: dict[str, Any] = {"topic": "data", "title": "x", "summary": "x", "contact": "x"}
    practice |= {"proposed_by": cast.officer, "proposed_at": NOW}
    plan = PublicityItem(district=cast.north, **planned, **days)
    period = {"begins_at": NOW, "ends_at": LATER}
    draft = Revision(submission=north, district=cast.north, **revision)
    return {
        "reporting_revision_submission_id_tenant": [Revision(submission=north, district=cast.south, **revision)],
        "reporting_answer_revision_id_tenant": [
            draft,
            Answer(revision=draft, district=cast.south, question_key="x", updated_at=NOW),
        ],
        "reporting_comment_submission_id_tenant": [Comment(submission=north, district=cast.south, revision=theirs, **comment)],
        "reporting_comment_revision_id_tenant": [Comment(submission=north, district=cast.north, revision=theirs, **comment)],
        "reporting_enquiry_submission_id_tenant": [Enquiry(submission=north, district=cast.south, **enquiry)],
        "reporting_enquirymessage_enquiry_id_tenant": [thread, EnquiryMessage(enquiry=thread, district=cast.south, **message)],
        "reporting_petition_submission_id_tenant": [Petition(submission=north, district=cast.south, **petition)],
        "reporting_keytaskupdate_party_id_tenant": [task, party, KeyTaskUpdate(party=party, district=cast.south, **said)],
        "reporting_keytaskfile_party_id_tenant": [task, party, KeyTaskFile(party=party, district=cast.south, **kept)],
        "reporting_keytaskupdate_revision_id_tenant": [
            other,
            task,
            party,
            KeyTaskUpdate(party=party, district=cast.north, revision=other, **said),
        ],
        "reporting_placement_item_id_tenant": [plan, outlet, Placement(item=plan, district=cast.south, outlet=outlet)],
        "reporting_practice_submission_id_tenant": [Practice(submission=north, district=cast.south, **practice)],
        "reporting_event_submission_id_tenant": [Event(submission=north, district=cast.south, revision=None, **event)],
        "reporting_event_revision_id_tenant": [Event(submission=south, district=cast.south, revision=mine, **event)],
        "reporting_workbookupload_revision_id_tenant": [
            WorkbookUpload(submission=north, district=cast.north, revision=theirs, **upload)
        ],
        "reporting_scan_revision_id_tenant": [Scan(revision=mine, district=cast.south, **scan)],
        "reporting_evidencefile_revision_id_tenant": [draft, EvidenceFile(revision=draft, district=cast.south, **evidence)],
        "districts_actinghead_membership_id_tenant": [
            ActingHead(membership=cast.officer.memberships.get(), district=cast.south, appointed_at=NOW, **period)
        ],
    }


@pytest.mark.parametrize(
    "key",
    [
        "reporting_revision_submission_id_tenant",
        "reporting_answer_revision_id_tenant",
        "reporting_comment_submission_id_tenant",
        "reporting_comment_revision_id_tenant",
        "reporting_enquiry_submission_id_tenant",
        "reporting_enquirymessage_enquiry_id_tenant",
        "reporting_practice_submission_id_tenant",
        "reporting_event_submission_id_tenant",
        "reporting_event_revision_id_tenant",
        "reporting_scan_revision_id_tenant",
        "reporting_evidencefile_revision_id_tenant",
        "reporting_petition_submission_id_tenant",
        "reporting_workbookupload_revision_id_tenant",
        "districts_actinghead_membership_id_tenant",
    ],
)
def test_row_that_points_into_another_district_is_refused_at_commit(
    key: str, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    north, south = _two_reports(cast, submission, south_submission)
    for row in _strays(north, south, cast)[key]:
        row.save()
    with pytest.raises(IntegrityError, match=key):
        connection.check_constraints()
    transaction.set_rollback(True)


@pytest.mark.parametrize("pointer", ["working_revision", "approved_revision"])
def test_submission_that_points_to_another_districts_revision_is_refused_at_commit(
    pointer: str, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    north, south = _two_reports(cast, submission, south_submission)
    Submission.objects.filter(pk=north.pk).update(**{pointer: south.working_revision})
    with pytest.raises(IntegrityError, match=f"reporting_submission_{pointer}_id_tenant"):
        connection.check_constraints()
    transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_real_commit_refuses_what_points_across(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    north, south = _two_reports(cast, submission, south_submission)
    with pytest.raises(IntegrityError, match="working_revision_id_tenant"), transaction.atomic():
        Submission.objects.filter(pk=north.pk).update(working_revision=south.working_revision)
    assert Submission.objects.get(pk=north.pk).working_revision == north.working_revision


def _two_reports(cast: Cast, north: Submission, south: Submission) -> tuple[Submission, Submission]:
    bring_to("draft", north, cast)
    fill(south, cast.south_officer)
    return Submission.objects.get(pk=north.pk), Submission.objects.get(pk=south.pk)
