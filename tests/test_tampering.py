"""What a person types into addresses and forms beside what the pages offer: another's numbers, hidden columns, fragments."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import RequestFactory
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName
from districts.models import BureauRole
from reporting.models import Answer, Question, Section, Submission
from tests.matrix.admin_pages import PREFIXES, RECORDS, approvals
from tests.matrix.pages import ADMIN_PAGES
from tests.matrix.visitor import Visitor, standing

pytestmark = pytest.mark.django_db
LISTS = {model: f"admin:{prefix}_{model}_changelist" for model, prefix in PREFIXES.items()}
CONNECTORS = [
    {"_connector": "OR 1=1 OR"},
    {"_connector": "OR", "state": "draft"},
    {"_negated": "1"},
    {"connection": "x"},
    {"pk__in": "1,2", "_connector": "XOR"},
]
SECRETS = ["password", "recipient__password", "actor__password", "user__password", "district__districtusergrant__user__password"]


@pytest.fixture(scope="module")
def visitor(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Visitor]:
    with standing(django_db_blocker) as visitor:
        yield visitor


def listed(model: str, **query: Any) -> str:
    return f"{reverse(LISTS[model])}?{urlencode(query)}"


@pytest.mark.parametrize("model", sorted(RECORDS))
def test_filter_by_anothers_number_shows_nothing_of_it(visitor: Visitor, model: str) -> None:
    south = visitor.world.south
    report, district = south.reports["approved"].pk, south.district
    queries: list[dict[str, Any]] = [
        {"district": district.pk},
        {"district__id": district.pk},
        {"district__id__exact": district.pk},
        {"district__code": "south"},
        {"district__name__startswith": "South"},
        {"submission": report},
        {"submission__id": report},
        {"submission__district": district.pk},
        {"id": report},
        {"id__gte": 0},
        {"recipient": south.head.pk},
        {"actor": south.head.pk},
        {"q": "south"},
        {"q": "canarysout"},
        {"q": "Southgate", "all": ""},
    ]
    for query in queries:
        answer = visitor.ask("reviewer", "GET", listed(model, **query))
        assert answer.status in {200, 302, 400}, query
        assert answer.leaks == frozenset(), query


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("lookup", ["", "__startswith", "__regex", "__lt"])
@pytest.mark.parametrize("model", ["user", "membership", "bureaurole", *sorted(RECORDS)])
def test_filter_by_a_secret_is_no_oracle(visitor: Visitor, model: str, secret: str, lookup: str) -> None:
    answers = [visitor.ask("administrator", "GET", listed(model, **{secret + lookup: value})) for value in ("md5$", "zzz")]
    assert {answer.status for answer in answers} <= {302, 400}
    assert answers[0].masked("md5$", "md5%24") == answers[1].masked("zzz", "zzz")


@pytest.mark.parametrize("model", sorted(LISTS))
def test_filter_with_the_querys_own_words_gives_no_rows(visitor: Visitor, model: str) -> None:
    for query in CONNECTORS:
        for role in ("reviewer", "administrator"):
            answer = visitor.ask(role, "GET", listed(model, **query))
            assert answer.status in {302, 400, 403}, (role, query)


@pytest.mark.parametrize("model", sorted(LISTS))
def test_list_with_odd_numbers_answers_without_a_fault(visitor: Visitor, model: str) -> None:
    queries = [
        {"o": "99.-99.x"}, {"o": "-1.0.1"}, {"p": "99999999"}, {"p": "-1"}, {"p": "x"}, {"all": "1"}, {"list_per_page": "100000"},
        {"cycle": "9" * 30}, {"cycle": "²"}, {"cycle": "-1"}, {"state": "'"}, {"state": "\x00"}, {"q": "\x00"}, {"q": "'\"%;--"},
        {"e": "1"}, {"id": "9" * 30}, {"id": "\x00"}, {"_popup": "1"}, {"due_at__year": "99999"}, {"date__month": "13"},
    ]  # fmt: skip
    for query in queries:
        answer = visitor.ask("administrator", "GET", listed(model, **query))
        assert answer.status in {200, 302, 400}, query


@pytest.mark.parametrize("model", sorted(LISTS))
def test_popup_with_another_field_is_refused(visitor: Visitor, model: str) -> None:
    for field in ("password", "district__name", "recipient__password", "nothing"):
        for role, allowed in (("reviewer", {400, 403}), ("administrator", {400})):
            answer = visitor.ask(role, "GET", listed(model, _popup=1, _to_field=field))
            assert answer.status in allowed, (role, field)


@pytest.mark.parametrize("model", sorted(LISTS))
@pytest.mark.parametrize("query", ["_popup=1&_to_field=id", "_popup=1&_to_field=password", "_to_field=district__name"])
def test_popup_of_a_foreign_row_shows_nothing_of_it(visitor: Visitor, model: str, query: str) -> None:
    row = visitor.world.row(model, visitor.world.south)
    for page in ("change", "delete", "history"):
        url = reverse(LISTS[model].replace("changelist", page), args=[row.pk])
        for method in ("GET", "POST"):
            answer = visitor.ask("reviewer", method, f"{url}?{query}", {"post": "yes"})
            assert answer.status in {302, 400, 403, 404, 405}, (page, method)
            assert (answer.leaks, answer.changed) == (frozenset(), False)


def relations() -> list[tuple[str, str, str]]:
    return sorted(
        (model._meta.app_label, str(model._meta.model_name), field.name)
        for app in ("districts", "reporting")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    )


def test_autocomplete_gives_a_reviewer_the_portfolio_alone(visitor: Visitor) -> None:
    answered: set[int] = set()
    for app, model, field in relations():
        for term in ("", "south", "canarysout"):
            query = urlencode({"app_label": app, "model_name": model, "field_name": field, "term": term})
            answer = visitor.ask("reviewer", "GET", f"{reverse('admin:autocomplete')}?{query}")
            answered.add(answer.status)
            assert answer.status in {200, 403, 404}, (app, model, field)
            assert answer.leaks == frozenset()
            assert "Southgate" not in answer.text, (app, model, field)
    assert answered == {200, 403, 404}  # 404: a list that nobody searches


@pytest.mark.parametrize("role", ["observer", "head", "outsider"])
def test_autocomplete_is_the_bureaus(visitor: Visitor, role: str) -> None:
    query = urlencode({"app_label": "reporting", "model_name": "event", "field_name": "submission"})
    assert visitor.ask(role, "GET", f"{reverse('admin:autocomplete')}?{query}").status == 302


def test_delete_selected_is_nowhere(visitor: Visitor) -> None:
    request = RequestFactory().get("/")
    request.user = visitor.world.cast.administrator
    assert {name for page in admin.site._registry.values() for name in page.get_actions(request)} == {
        "approve_selected",
        "chase_selected",
    }
    assert {page.list_editable for page in admin.site._registry.values()} == {()}


@pytest.mark.parametrize("model", sorted(LISTS))
def test_list_editable_forged_changes_nothing(visitor: Visitor, model: str) -> None:
    row = visitor.world.row(model, visitor.world.north)
    fields = {field.name: "1" for field in row._meta.fields}
    forms = {f"form-0-{name}": value for name, value in fields.items()} | {"form-0-id": row.pk}
    body = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, **forms, "_save": "Save", "action": "", "_selected_action": row.pk}
    for role in ("reviewer", "approver", "administrator"):
        for extra in ({}, {"form-INITIAL_FORMS": 0}, {"action": "delete_selected", "post": "yes", "select_across": 1}):
            answer = visitor.ask(role, "POST", reverse(LISTS[model]), {**body, **extra})
            assert not answer.changed, (role, extra)
            assert answer.status in {200, 302, 403}


def test_comment_answered_under_anothers_report_is_missing(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    crossed = [(north, south), (south, north)]
    for report, comment in crossed:
        url = reverse("report_comment", args=[report.reports["returned"].pk, comment.rows["comment"].pk])
        answer = visitor.ask("officer", "POST", url, {"reply": "Mine."})
        assert (answer.status, answer.changed, answer.leaks) == (404, False, frozenset())


@pytest.mark.parametrize("name", ["admin:reporting_submission_comment", "admin:reporting_submission_comment_delete"])
@pytest.mark.parametrize("role", ["reviewer", "approver"])
def test_draft_under_anothers_report_is_missing(visitor: Visitor, name: str, role: str) -> None:
    north, south = visitor.world.north, visitor.world.south
    url = reverse(name, args=[north.reports["in_review"].pk, south.rows["draft"].pk])
    answer = visitor.ask(role, "POST", url, {"text": "Mine.", "version": 1})
    assert (answer.status, answer.changed, answer.leaks) == (404, False, frozenset())


def test_answers_sent_with_anothers_numbers_stay_in_the_own_report(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    theirs = south.reports["draft"]
    body = {
        "editor": "e", "seen-plans": "1.0", "answer-plans": "Mine.", "submission": theirs.pk, "pk": theirs.pk,
        "district": south.district.pk, "revision": theirs.working_revision_id, "seen-plans-district": "0.0",
        "seen-unknown": "0.0", "answer-unknown": "x",
    }  # fmt: skip
    stored = Answer.objects.filter(district=south.district).order_by("pk").values_list("pk", "raw", "version", "revision")
    before = list(stored)
    for name in ("report", "report_answers", "report_nil_return"):
        for extra in ({}, {"reason": "None."}):
            answer = visitor.ask("officer", "POST", reverse(name, args=[north.reports["draft"].pk]), body | extra,
                                 look=lambda: list(stored.all()))  # fmt: skip
            assert answer.seen == before
            assert answer.leaks == frozenset()


def test_signature_with_anothers_digest_is_refused(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    signed = south.reports["submitted"].working_revision
    assert signed is not None
    url = reverse("report_sign", args=[north.reports["awaiting"].pk])
    answer = visitor.ask("head", "POST", url, {"digest": signed.digest, "statement": "yes"})
    assert (answer.status, answer.changed) == (409, False)


def test_step_on_anothers_revision_is_refused(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    url = reverse("admin:reporting_submission_step", args=[north.reports["checked"].pk, "approve"])
    answer = visitor.ask("approver", "POST", url, {"revision": south.reports["checked"].working_revision_id})
    assert (answer.status, answer.changed) == (409, False)


def test_petition_of_another_report_is_not_there(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    pairs = ((north, south), (south, north), (south, south))
    urls = [(report.reports["asking"].pk, asked.rows["petition"].pk) for report, asked in pairs]
    urls.append((north.reports["draft"].pk, north.rows["petition"].pk))
    for pks in urls:
        url = reverse("report_petition_withdraw", args=pks)
        for role in ("officer", "head"):
            answers = [visitor.ask(role, method, url) for method in ("GET", "POST")]
            assert [(answer.status, answer.changed) for answer in answers] == [(404, False)] * 2


@pytest.mark.parametrize("page", ["report_enquiry", "report_enquiry_close"])
def test_question_to_the_bureau_under_anothers_report_is_missing(visitor: Visitor, page: str) -> None:
    north, south = visitor.world.north, visitor.world.south
    for report, enquiry in ((north, south), (south, north), (south, south)):
        url = reverse(page, args=[report.reports["draft"].pk, enquiry.rows["enquiry"].pk])
        for method in ("GET", "POST"):
            answer = visitor.ask("officer", method, url, {"text": "Mine."})
            assert (answer.status, answer.changed, answer.leaks) in {(404, False, frozenset()), (405, False, frozenset())}
    crossed = reverse(page, args=[north.reports["submitted"].pk, north.rows["enquiry"].pk])
    assert visitor.ask("officer", "POST", crossed, {"text": "Mine."}).status == 404


def test_scan_under_anothers_report_is_missing(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    for report, scan in ((north, south), (south, north), (south, south)):
        url = reverse("report_scan", args=[report.reports["approved"].pk, scan.rows["scan"].pk])
        for role in ("officer", "reviewer"):
            answer = visitor.ask(role, "GET", url)
            assert (answer.status, answer.leaks) == (404, frozenset())
    crossed = reverse("report_scan", args=[north.reports["in_review"].pk, north.rows["scan"].pk])
    assert visitor.ask("officer", "GET", crossed).status == 404


@pytest.mark.parametrize("page", ["report_file", "report_file_remove"])
def test_file_under_anothers_report_is_missing(visitor: Visitor, page: str) -> None:
    north, south = visitor.world.north, visitor.world.south
    for report, file in ((north, south), (south, north), (south, south)):
        url = reverse(page, args=[report.reports["draft"].pk, file.rows["file"].pk])
        for role in ("officer", "reviewer"):
            for method in ("GET", "POST"):
                answer = visitor.ask(role, method, url)
                assert (answer.status, answer.changed, answer.leaks) in {(404, False, frozenset()), (405, False, frozenset())}
    crossed = reverse(page, args=[north.reports["in_review"].pk, north.rows["file"].pk])
    assert visitor.ask("officer", "GET", crossed).status == 404


def test_check_of_anothers_revision_is_refused(visitor: Visitor) -> None:
    north, south = visitor.world.north, visitor.world.south
    for role in ("reviewer", "approver"):
        url = reverse("admin:reporting_submission_check", args=[north.reports["in_review"].pk])
        answer = visitor.ask(role, "POST", url, {"revision": south.reports["in_review"].working_revision_id})
        assert (answer.status, answer.changed, answer.leaks) == (409, False, frozenset())


def test_bulk_approval_forged_reaches_the_portfolio_alone(visitor: Visitor) -> None:
    """With the reviewer of the north made its approver: the forged form names both districts' reports."""
    world = visitor.world
    BureauRole.objects.filter(user=world.cast.reviewer).update(role=BureauRoleName.APPROVER)
    refresh_grants(user_id=world.cast.reviewer.pk)
    chosen = [tenant.reports["checked"].pk for tenant in (world.north, world.south)]
    states = Submission.objects.filter(pk__in=chosen).order_by("district__code").values_list("state", flat=True)
    url = reverse("admin:reporting_submission_approve_many")
    answer = visitor.ask("reviewer", "POST", url, approvals(world), look=lambda: list(states.all()))
    assert (answer.status, answer.seen, answer.leaks) == (200, ["approved", "in_review"], frozenset())
    listing = {"action": "approve_selected", "_selected_action": chosen}
    answer = visitor.ask("reviewer", "POST", reverse("admin:reporting_submission_changelist"), listing)
    assert f"Location: {url}?pk={chosen[0]}\n" in answer.text + "\n"


@pytest.mark.parametrize("page", ["part", "part_delete", "part_move"])
@pytest.mark.parametrize("kind", ["section", "question"])
def test_part_of_a_published_version_asked_for_at_a_draft_is_not_found(visitor: Visitor, kind: str, page: str) -> None:
    draft, published = (visitor.world.shared[name].pk for name in ("definitionversion", "published"))
    parts = {
        "section": Section.objects.filter(version=published),
        "question": Question.objects.filter(section__version=published),
    }
    part = parts[kind].order_by("pk").values_list("pk", flat=True)[0]
    url = reverse(f"admin:reporting_definitionversion_{page}", args=[draft, kind, part])
    body = {"key": "mine", "title": "Mine", "kind": "text", "label": "Mine", "to": "down", "seen": "x"}
    answer = visitor.ask("administrator", "POST", url, body)
    assert (answer.status, answer.changed) == (404, False)


FIGURES = [
    {"sort": "value_rank"}, {"sort": "-share"}, {"sort": "password"}, {"sort": "-district__code"}, {"sort": "code;--"},
    {"per_page": "100000"}, {"page": "-1"}, {"page": "9" * 40}, {"districts": "2"}, {"district": "2"}, {"limit": "9"},
    {"_connector": "OR"}, {"is_active": "1"},
]  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "reviewer"])
@pytest.mark.parametrize("query", FIGURES)
def test_figures_asked_for_in_odd_ways_show_no_more(visitor: Visitor, role: str, query: dict[str, str]) -> None:
    opened = visitor.world.shared["opened"].pk
    for url in (reverse("figures_of", args=[opened]), reverse("figures_download", args=[opened, "csv"])):
        answer = visitor.ask(role, "GET", f"{url}?{urlencode(query)}")
        assert (answer.status, answer.leaks) == (200, frozenset())
        assert "Southgate" not in answer.text


def test_every_bureau_list_is_in_these_tests() -> None:
    assert {name for name in ADMIN_PAGES if name.endswith("_changelist")} == set(LISTS.values())
