"""The look of the bureau's pages: names, colours and the way through them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


def environment_label(request: HttpRequest) -> list[Any] | None:  # noqa: ARG001 (Unfold's signature)
    """Shown at the top of every page of a demo."""
    return [_("Demo: synthetic figures"), "warning"] if settings.PORTAL_DEMO else None


def _in_reports(request: HttpRequest) -> bool:
    return request.path.startswith(str(reverse_lazy("admin:reporting_submission_changelist")))


def _in_portfolios(request: HttpRequest) -> bool:
    return request.path == str(reverse_lazy("admin:districts_bureaurole_portfolios"))


def _is_queue(request: HttpRequest) -> bool:
    return request.GET.get("state") == "waiting"


def _item(title: Any, icon: str, url: str, *, administrators: bool = False, query: str = "") -> dict[str, Any]:
    item = {"title": title, "icon": icon, "link": format_lazy("{}{}", reverse_lazy(url), query) if query else reverse_lazy(url)}
    return item | {"permission": "districts.admin.base.configures"} if administrators else item


def _group(title: Any, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": False, "collapsible": False, "items": list(items)}


_NAVIGATION = [
    _group(
        _("Work"),
        _item(_("Dashboard"), "dashboard", "admin:index"),
        _item(_("Review queue"), "rate_review", "admin:reporting_submission_changelist", query="?state=waiting")
        | {"active": lambda request: _in_reports(request) and _is_queue(request)},
        _item(_("All reports"), "description", "admin:reporting_submission_changelist")
        | {"active": lambda request: _in_reports(request) and not _is_queue(request)},
        _item(_("Questions from districts"), "contact_support", "admin:reporting_enquiry_changelist"),
        _item(_("Requests from districts"), "more_time", "admin:reporting_petition_changelist"),
        _item(_("Jobs"), "pending_actions", "admin:reporting_job_changelist"),
        _item(_("Figures"), "leaderboard", "figures") | {"active": lambda _request: False},
        _item(_("Calendar"), "calendar_today", "calendar") | {"active": lambda _request: False},
        _item(_("Targets"), "flag", "admin:reporting_target_this_year"),
        _item(_("Key tasks"), "task_alt", "admin:reporting_keytask_changelist"),
        _item(_("Symposiums"), "groups", "admin:reporting_symposium_changelist", administrators=True),
        _item(_("Releases"), "publish", "admin:reporting_release_changelist"),
        _item(_("Bulletins"), "newspaper", "admin:reporting_bulletin_changelist"),
        _item(_("Practices"), "lightbulb", "admin:reporting_practice_changelist"),
        _item(_("Publicity plan"), "campaign", "admin:reporting_publicityitem_changelist"),
        _item(_("Cycles"), "event_repeat", "admin:reporting_cycle_changelist", administrators=True),
    ),
    _group(
        _("Set-up"),
        _item(_("Definitions"), "fact_check", "admin:reporting_definition_changelist", administrators=True),
        _item(_("Definition versions"), "difference", "admin:reporting_definitionversion_changelist", administrators=True),
        _item(_("Indicators"), "query_stats", "admin:reporting_indicator_changelist", administrators=True),
        _item(_("Adjustments"), "tune", "admin:reporting_adjustment_changelist", administrators=True),
        _item(_("Outlets"), "cell_tower", "admin:reporting_outlet_changelist", administrators=True),
        _item(_("Reminders"), "notifications", "admin:reporting_reminderpolicy_changelist", administrators=True),
        _item(_("Working days"), "calendar_month", "admin:districts_workdayoverride_changelist", administrators=True),
    ),
    _group(
        _("Districts and people"),
        _item(_("Districts"), "map", "admin:districts_district_changelist", administrators=True),
        _item(_("Profiles"), "badge", "admin:districts_profile_changelist"),
        _item(_("Industries"), "factory", "admin:districts_industry_changelist", administrators=True),
        _item(_("People"), "group", "admin:districts_user_changelist", administrators=True),
        _item(_("Memberships"), "badge", "admin:districts_membership_changelist", administrators=True),
        _item(_("Acting heads"), "how_to_reg", "admin:districts_actinghead_changelist", administrators=True),
        _item(_("Deputies"), "swap_horiz", "admin:districts_deputy_changelist"),
        _item(_("Bureau roles"), "shield_person", "admin:districts_bureaurole_changelist", administrators=True)
        | {"active": lambda request: "/bureaurole/" in request.path and not _in_portfolios(request)},
        _item(_("Portfolios"), "table_view", "admin:districts_bureaurole_portfolios", administrators=True),
    ),
    _group(
        _("Records"),
        _item(_("Outgoing mail"), "mail", "admin:districts_outgoingmail_changelist"),
        _item(_("Events"), "history", "admin:reporting_event_changelist"),
    ),
]

_BLUE = {
    "50": "#eff5fc",
    "100": "#dbe8f8",
    "200": "#bcd4f1",
    "300": "#8db7e6",
    "400": "#5792d6",
    "500": "#3374c0",
    "600": "#1f5aa3",
    "700": "#1a4884",
    "800": "#193e6e",
    "900": "#19355c",
    "950": "#11223d",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("District Reporting Portal"),
    "SITE_HEADER": _("District Reporting"),
    "SITE_SUBHEADER": _("The bureau's pages"),
    "SITE_SYMBOL": "monitoring",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "ACCOUNT": {"navigation": [{"title": _("Your settings"), "link": reverse_lazy("preferences")}]},
    "DASHBOARD_CALLBACK": "reporting.admin.dashboard.add_dashboard",
    "STYLES": [
        lambda _request: static("portal/tokens.css"),
        lambda _request: static("portal/pictures.css"),
        lambda _request: static("portal/admin.css"),
    ],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("portal/favicon.svg")}],
    "SCRIPTS": [lambda _request: static("portal/admin.js")],
    "ENVIRONMENT": "portal.unfold.environment_label",
    "COLORS": {"primary": _BLUE},
    "SIDEBAR": {"show_search": False, "command_search": False, "show_all_applications": False, "navigation": _NAVIGATION},
}
