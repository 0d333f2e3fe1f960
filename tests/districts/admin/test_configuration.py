"""Districts, working days and mail in the admin; histories, conflicts, and what autocompletes offer."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from districts.enums import DistrictPermission
from districts.models import District, OutgoingMail, User
from districts.queries.access import districts_for
from districts.queries.history import history_of
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in
from tests.reporting.views.browser import parse, select

WEST = {
    "code": "west",
    "name": "Westgate",
    "name_zh": "西门",
    "peer_group": "urban",
    "grid_row": "9",
    "grid_column": "9",
}


def make_mail(recipient: User, district: District | None, state: str = "failed", **fields: object) -> OutgoingMail:
    number = OutgoingMail.objects.count()
    return OutgoingMail.objects.create(
        kind="returned",
        dedupe_key=f"returned|x:{number}",
        recipient=recipient,
        district=district,
        state=state,
        due_at=factories.NOW,
        next_try_at=factories.NOW,
        created_at=factories.NOW,
        **fields,
    )


def test_new_district_belongs_to_who_has_all_districts(cast: Cast) -> None:
    assert signed_in(cast.administrator).post(reverse("admin:districts_district_add"), WEST).status_code == 302
    west = District.objects.get(code="west")
    assert west in districts_for(cast.approver, DistrictPermission.APPROVE)
    assert west not in districts_for(cast.reviewer, DistrictPermission.REVIEW)


def test_district_code_stays(cast: Cast) -> None:
    url = reverse("admin:districts_district_change", args=[cast.north.pk])
    body = WEST | {"code": "renamed", "name": "Northgate"}
    assert signed_in(cast.administrator).post(url, body).status_code == 302
    assert District.objects.get(pk=cast.north.pk).code == "north"


def test_history_names_the_person_and_the_change(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    url = reverse("admin:districts_district_change", args=[cast.north.pk])
    client.post(url, WEST | {"name": "Northgate", "specialty": "Chips"})
    latest = history_of(cast.north)[0]
    assert latest.who == "Administrator"
    changed = {field.name: (field.before, field.after) for field in latest.fields}
    assert changed["specialty"] == ("", "Chips")
    page = client.get(reverse("admin:districts_district_history", args=[cast.north.pk]))
    assert "Chips" in page.content.decode()


def test_history_of_a_missing_row_is_not_found(cast: Cast) -> None:
    assert signed_in(cast.administrator).get(reverse("admin:districts_district_history", args=[999_999])).status_code == 404


def test_history_is_the_administrators(cast: Cast) -> None:
    assert signed_in(cast.reviewer).get(reverse("admin:districts_district_history", args=[cast.north.pk])).status_code == 403


def test_form_older_than_the_record_is_a_conflict_that_shows_both(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    url = reverse("admin:districts_district_change", args=[cast.north.pk])
    seen = client.get(url).context["adminform"].form.seen
    body = WEST | {"name": "Northgate", "_seen": seen}
    assert client.post(url, body | {"specialty": "Chips"}).status_code == 302
    second = client.post(url, body | {"specialty": "Robots"})
    assert second.status_code == 409
    text = second.content.decode()
    assert "Chips" in text
    assert "Robots" in text
    assert District.objects.get(pk=cast.north.pk).specialty == "Chips"
    fresh = second.context["adminform"].form.seen
    assert client.post(url, body | {"specialty": "Robots", "_seen": fresh}).status_code == 302


def autocomplete(client: Client, model: str, field: str, term: str = "") -> list[str]:
    app, name = model.split(".")
    query = {"app_label": app, "model_name": name, "field_name": field, "term": term}
    response = client.get(reverse("admin:autocomplete"), query)
    return [item["text"] for item in response.json()["results"]] if response.status_code == 200 else []


@pytest.mark.parametrize(
    ("model", "field"),
    [("districts.membership", "district"), ("reporting.adjustment", "cycle"), ("reporting.question", "indicator")],
)
def test_autocomplete_is_the_administrators(cast: Cast, model: str, field: str) -> None:
    factories.make_cycle(factories.make_version())
    assert autocomplete(signed_in(cast.administrator), model, field) != []
    for role in (cast.reviewer, cast.approver, cast.head, cast.outsider):
        assert autocomplete(signed_in(role), model, field) == []


def test_autocomplete_finds_districts_by_name(cast: Cast) -> None:
    assert autocomplete(signed_in(cast.administrator), "districts.membership", "district", "southg") == ["Southgate"]


def test_mails_follow_the_portfolio(cast: Cast) -> None:
    own, foreign, of_none = (
        make_mail(cast.head, cast.north),
        make_mail(cast.south_head, cast.south),
        make_mail(cast.approver, None),
    )
    url = reverse("admin:districts_outgoingmail_changelist")
    shown = {
        role: {mail.pk for mail in signed_in(getattr(cast, role)).get(url).context["cl"].result_list}
        for role in ("reviewer", "approver", "administrator")
    }
    assert shown == {
        "reviewer": {own.pk},
        "approver": {own.pk, foreign.pk},
        "administrator": {own.pk, foreign.pk, of_none.pk},
    }
    page = reverse("admin:districts_outgoingmail_change", args=[foreign.pk])
    assert signed_in(cast.reviewer).get(page).headers["Location"] == reverse("admin:index")
    resend = reverse("admin:districts_outgoingmail_resend", args=[foreign.pk])
    assert signed_in(cast.reviewer).post(resend).status_code == 404
    failed = {mail.pk for mail in signed_in(cast.reviewer).get(reverse("admin:index")).context["board"].failed_mails}
    assert failed == {own.pk}


def test_mail_is_shown_as_sent_and_never_as_markup(cast: Cast) -> None:
    mail = make_mail(
        cast.head, cast.north, "sent", text_body="<b>plain</b>", html_body='<p class="x">"HTML"</p><script>1</script>'
    )
    body = signed_in(cast.reviewer).get(reverse("admin:districts_outgoingmail_change", args=[mail.pk])).content.decode()
    assert "&lt;b&gt;plain&lt;/b&gt;" in body
    assert "<script>1</script>" not in body
    assert 'sandbox=""' in body


def test_mail_is_not_written_on_its_page(cast: Cast) -> None:
    mail = make_mail(cast.head, cast.north, "sent", subject="As sent")
    url = reverse("admin:districts_outgoingmail_change", args=[mail.pk])
    assert signed_in(cast.administrator).post(url, {"subject": "Forged", "state": "due"}).status_code == 403
    mail.refresh_from_db()
    assert (mail.subject, mail.state) == ("As sent", "sent")


def test_failed_mail_is_sent_again_and_leaves_the_list_of_failures(cast: Cast) -> None:
    mail = make_mail(cast.head, cast.north)
    client = signed_in(cast.administrator)
    assert client.post(reverse("admin:districts_outgoingmail_resend", args=[mail.pk])).status_code == 302
    assert OutgoingMail.objects.filter(dedupe_key__startswith=f"{mail.dedupe_key}|again|", state="due").count() == 1
    assert client.get(reverse("admin:index")).context["board"].failed_mails == []


def test_mail_that_is_on_its_way_is_not_sent_twice(cast: Cast) -> None:
    mail = make_mail(cast.head, cast.north, "due")
    client = signed_in(cast.administrator)
    client.post(reverse("admin:districts_outgoingmail_resend", args=[mail.pk]))
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("number", ["abc", "%00", "9" * 30, "%EF%BC%91"])
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("districts_actinghead", "membership"),
        ("districts_membership", "district"),
        ("districts_bureaurole", "districts"),
        ("reporting_adjustment", "cycle"),
        ("reporting_indicator", "base_indicator"),
    ],
)
def test_chooser_of_a_row_that_cannot_be_shows_nothing_chosen(cast: Cast, name: str, field: str, number: str) -> None:
    """In the address, and sent: the form comes back with its error."""
    client, url = signed_in(cast.administrator), reverse(f"admin:{name}_add")
    shown = client.get(f"{url}?{field}={number}")
    sent = client.post(url, {field: unquote(number)})
    assert (shown.status_code, sent.status_code) == (200, 200)
    for page in (shown, sent):
        chosen = [one for one in select(parse(page), f"select[name={field}] option") if one.get("selected") and one.get("value")]
        assert chosen == []
