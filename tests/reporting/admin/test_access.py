"""Who may open which page of the bureau."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from districts.models import District
from reporting.models import Submission
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in

CONFIGURATION = {
    "districts_actinghead",
    "districts_bureaurole",
    "districts_district",
    "districts_industry",
    "districts_membership",
    "districts_user",
    "districts_workdayoverride",
    "reporting_adjustment",
    "reporting_target",
    "reporting_cycle",
    "reporting_definition",
    "reporting_definitionversion",
    "reporting_indicator",
    "reporting_outlet",
    "reporting_reminderpolicy",
    "reporting_symposium",
}
RECORDS = {
    "reporting_bulletin",
    "reporting_release",
    "districts_outgoingmail",
    "districts_profile",
    "reporting_enquiry",
    "reporting_event",
    "reporting_job",
    "reporting_keytask",
    "reporting_petition",
    "reporting_practice",
    "reporting_publicityitem",
    "reporting_submission",
}
OWN = {"districts_deputy"}
"""Everybody at the bureau sees the own ones and adds one."""
ROLES_OUTSIDE = ["head", "officer", "observer", "outsider"]
ROLES_INSIDE = ["administrator", "approver", "reviewer"]


def test_registry_holds_exactly_the_pages_of_this_matrix() -> None:
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == CONFIGURATION | RECORDS | OWN


@pytest.mark.parametrize("role", ROLES_INSIDE)
def test_changelists_by_role(cast: Cast, submission: Submission, role: str) -> None:
    client = signed_in(getattr(cast, role))
    verdicts = {page: client.get(reverse(f"admin:{page}_changelist")).status_code for page in CONFIGURATION | RECORDS | OWN}
    configuration = 200 if role == "administrator" else 403
    assert verdicts == dict.fromkeys(CONFIGURATION, configuration) | dict.fromkeys(RECORDS | OWN, 200)


@pytest.mark.parametrize("role", ROLES_INSIDE)
def test_add_pages_by_role(cast: Cast, submission: Submission, role: str) -> None:
    client = signed_in(getattr(cast, role))
    verdicts = {page: client.get(reverse(f"admin:{page}_add")).status_code for page in CONFIGURATION | RECORDS | OWN}
    configuration = 200 if role == "administrator" else 403
    expected = (
        dict.fromkeys(CONFIGURATION, configuration)
        | dict.fromkeys(RECORDS, 403)
        | dict.fromkeys(OWN, 200)
        | {"reporting_definitionversion": 403, "districts_user": 403, "reporting_publicityitem": configuration}
        | {"reporting_keytask": 403 if role == "reviewer" else 200}
        | {"reporting_bulletin": configuration, "reporting_release": configuration}
    )
    assert verdicts == expected


@pytest.mark.parametrize("role", ROLES_OUTSIDE)
def test_admin_without_bureau_role_is_refused_without_a_loop(cast: Cast, role: str) -> None:
    response = signed_in(getattr(cast, role)).get(reverse("admin:index"), follow=True)
    assert response.status_code == 403
    assert [status for _url, status in response.redirect_chain] == [302]


def test_admin_signed_out_goes_to_the_portals_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse("admin:reporting_submission_changelist"), follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('account_login')}?next={reverse('admin:reporting_submission_changelist')}"


def test_admin_after_the_role_is_taken_is_refused_at_once(cast: Cast) -> None:
    client = signed_in(cast.approver)
    assert client.get(reverse("admin:index")).status_code == 200
    cast.approver.bureau_role.delete()
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_admin_password_page_is_the_portals(cast: Cast) -> None:
    response = signed_in(cast.approver).get(reverse("admin:password_change"))
    assert response.headers["Location"] == reverse("account_change_password")


def test_admin_search_answers_like_a_missing_page(cast: Cast) -> None:
    assert signed_in(cast.administrator).get("/admin/search/?s=south&page=x").status_code == 404


def test_admin_loads_nothing_from_elsewhere(cast: Cast, submission: Submission) -> None:
    client = signed_in(cast.administrator)
    pages = [reverse("admin:index"), reverse("admin:reporting_submission_change", args=[submission.pk])]
    for page in pages:
        body = client.get(page).content.decode()
        assert not [part for part in body.split('"') if part.startswith(("http://", "https://", "//"))]


@pytest.mark.parametrize("page", sorted(CONFIGURATION | RECORDS | OWN))
def test_delete_selected_forged_changes_nothing(cast: Cast, submission: Submission, page: str) -> None:
    client = signed_in(cast.administrator)
    before = {model: model._default_manager.count() for model in admin.site._registry}
    url = reverse(f"admin:{page}_changelist")
    pks = [str(pk) for pk in range(1, 200)]
    body = {"action": "delete_selected", "_selected_action": pks, "post": "yes", "select_across": "1", "index": "0"}
    assert client.post(url, body).status_code in {200, 302, 403}
    assert {model: model._default_manager.count() for model in admin.site._registry} == before


def test_list_editable_forged_changes_nothing(cast: Cast, submission: Submission) -> None:
    client = signed_in(cast.administrator)
    body = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(cast.north.pk),
        "form-0-name": "Renamed",
        "form-0-is_active": "",
        "_save": "Save",
    }
    client.post(reverse("admin:districts_district_changelist"), body)
    assert District.objects.get(pk=cast.north.pk).name == cast.north.name
    body |= {"form-0-id": str(submission.pk), "form-0-state": "approved"}
    client.post(reverse("admin:reporting_submission_changelist"), body)
    assert Submission.objects.get(pk=submission.pk).state == "not_started"
