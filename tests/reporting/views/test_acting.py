"""What an acting head signs: within the period, at its ends, and what the receipt says of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from districts.domain.acting import end_acting
from districts.domain.letters import compose
from districts.models import ActingHead, DistrictUserGrant, OutgoingMail, User
from reporting.domain.receipts import receipt_digest
from reporting.domain.submissions import current_digest
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.districts.test_periods import moment
from tests.reporting.domain.test_receipts import _content, _sha
from tests.reporting.figures.test_verify_receipts import tamper
from tests.reporting.views.browser import as_user, parse, select, step, text_of

TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


@pytest.fixture
def awaiting(cast: Cast, draft: Submission, now: datetime) -> Submission:
    step(draft, "hand_over", cast.officer, now)
    return Submission.objects.get(pk=draft.pk)


def sign_page(awaiting: Submission) -> str:
    return reverse("report_sign", args=[awaiting.pk])


def signature(awaiting: Submission) -> dict[str, str]:
    return {"digest": current_digest(awaiting), "statement": "yes"}


def signed(awaiting: Submission, user: User) -> Submission:
    assert as_user(user).post(sign_page(awaiting), signature(awaiting)).status_code == 302
    return Submission.objects.get(pk=awaiting.pk)


def test_acting_head_signs_and_every_page_says_so(cast: Cast, awaiting: Submission, now: datetime) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    assert "You sign as acting head" in text_of(as_user(acting).get(sign_page(awaiting)))
    revision = signed(awaiting, acting).working_revision
    assert revision is not None
    assert (revision.signed_acting, revision.signer) == (True, "North Acting, acting head")
    for page in ("report_receipt", "report_print", "report_history"):
        assert "North Acting, acting head" in text_of(as_user(cast.observer).get(reverse(page, args=[awaiting.pk])))
    review = as_user(cast.reviewer).get(reverse("admin:reporting_submission_change", args=[awaiting.pk])).content.decode()
    assert review.count("North Acting, acting head") == 3
    for kind in ("receipt", "submitted"):
        letter = compose(OutgoingMail.objects.filter(kind=kind).latest("pk"), now)
        assert letter is not None
        assert ("Signed by", "North Acting, acting head") in letter.facts
    recipients = OutgoingMail.objects.filter(kind="receipt").values_list("recipient__full_name", flat=True)
    assert set(recipients) == {"North Acting", "North Head", "North Officer"}


def test_heads_own_signature_says_nothing_of_acting(cast: Cast, awaiting: Submission) -> None:
    factories.make_acting("north-acting", cast.north)
    assert "acting head" not in text_of(as_user(cast.head).get(sign_page(awaiting)))
    revision = signed(awaiting, cast.head).working_revision
    assert revision is not None
    assert (revision.signed_acting, revision.signer) == (False, "North Head")
    assert "acting" not in awaiting.events.latest("pk").data
    assert "acting head" not in text_of(as_user(cast.officer).get(reverse("report_history", args=[awaiting.pk])))


def test_sign_page_opened_in_time_is_refused_after_the_end(cast: Cast, awaiting: Submission) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    client = as_user(acting)
    assert client.get(sign_page(awaiting)).status_code == 200
    period = {"begins_at": moment() - DAY, "ends_at": moment()}
    ActingHead.objects.update(**period)
    DistrictUserGrant.objects.filter(user=acting, begins_at__isnull=False).update(**period)
    for send in (client.get(sign_page(awaiting)), client.post(sign_page(awaiting), signature(awaiting))):
        assert send.status_code == 403
    found = Submission.objects.get(pk=awaiting.pk)
    assert (found.state, found.revisions.get().signed_at) == ("awaiting_signature", None)


@pytest.mark.parametrize(("begins", "ends", "status"), [(timedelta(0), TICK, 302), (TICK, DAY, 403), (-DAY, timedelta(0), 403)])
def test_signature_at_the_very_instants(
    begins: timedelta, ends: timedelta, status: int, cast: Cast, awaiting: Submission
) -> None:
    acting = factories.make_acting("north-acting", cast.north, begins_at=moment() + begins, ends_at=moment() + ends)
    assert as_user(acting).post(sign_page(awaiting), signature(awaiting)).status_code == status


def test_ended_early_between_reading_and_signing_is_refused(cast: Cast, awaiting: Submission, now: datetime) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    client = as_user(acting)
    assert client.get(sign_page(awaiting)).status_code == 200
    end_acting(acting=ActingHead.objects.get(), actor=cast.head, now=now)
    assert client.post(sign_page(awaiting), signature(awaiting)).status_code == 403
    assert client.get(reverse("people")).status_code == 403
    assert client.get(reverse("report", args=[awaiting.pk])).status_code == 200


def test_acting_heads_home_offers_the_signature(cast: Cast, awaiting: Submission) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    assert "Read and sign" in text_of(as_user(acting).get("/"))
    assert "Read and sign" not in text_of(as_user(cast.officer).get("/"))


def test_receipt_of_an_acting_head_is_of_format_two_and_others_stay_as_they_were(
    cast: Cast, awaiting: Submission, south_submission: Submission, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    revision = signed(awaiting, acting).working_revision
    assert revision is not None
    assert revision.signed_at is not None
    signature = {
        "content": _content(revision),
        "previous": "",
        "receipt": "2026-S1-north-half-year-1",
        "signed_at": revision.signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
        "signed_by": acting.pk,
        "signed_name": "North Acting",
        "statement": "I confirm this.",
    }
    assert revision.digest == _sha({**signature, "format": 2, "acting": True})
    revision.signed_acting = False
    assert receipt_digest(revision, _content(revision)) == _sha({**signature, "format": 1}) != revision.digest
    factories.submit(south_submission, cast.south_head, now=now)
    call_command("verify_receipts")
    assert capsys.readouterr().out.splitlines() == ["2 receipts checked, 0 mismatches"]


@pytest.mark.parametrize("by_acting", [True, False])
def test_changed_capacity_is_found_by_the_verification(
    by_acting: bool, cast: Cast, awaiting: Submission, capsys: pytest.CaptureFixture[str]
) -> None:
    signed(awaiting, factories.make_acting("north-acting", cast.north) if by_acting else cast.head)
    tamper("reporting_revision", f"UPDATE reporting_revision SET signed_acting = {not by_acting}")
    with pytest.raises(SystemExit):
        call_command("verify_receipts")
    assert "the digest is not that of what is stored" in capsys.readouterr().out


def test_observer_who_acts_hands_over_as_acting_head_and_an_officer_in_the_own_right(
    cast: Cast, draft: Submission, now: datetime
) -> None:
    acting = factories.make_acting("north-acting", cast.north)
    step(draft, "hand_over", acting, now)
    step(draft, "take_back", acting, now)
    assert [event.data for event in draft.events.all()[:2]] == [{}, {}]
    observer = factories.make_acting("north-watching", cast.north, factories.DistrictRole.OBSERVER)
    step(draft, "hand_over", observer, now)
    event = draft.events.latest("pk")
    assert (event.data, event.capacity) == ({"acting": True}, "acting head")
    page = parse(as_user(cast.officer).get(reverse("report_history", args=[draft.pk])))
    assert "North Watching, acting head" in " ".join(select(page, "ol.events")[0].text_content().split())
