"""What stands in a symposium's documents: plain words under plain names, which templates refer to."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.models import Profile
from reporting.enums.symposiums import Decision
from reporting.formats import change_of, instant, period_words, value_of
from reporting.models import CycleFigure, Symposium
from reporting.pictures import Picture
from reporting.queries.figures.access import Sight
from reporting.queries.illustrations import source_of
from reporting.queries.key_tasks import Standing
from reporting.queries.symposiums.numbers import Number
from reporting.queries.symposiums.pictures import pictures_of
from reporting.queries.symposiums.problems import sentence
from reporting.queries.symposiums.reading import (
    DistrictPage,
    conclusions_by_priority,
    headline_figures,
    replies,
    timed_agenda,
)
from reporting.queries.targets import TargetStanding

Words = dict[str, Any]
_WHOLE = Sight(None, is_compared=True)
# What no XML holds.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def frame_of(symposium: Symposium, numbers: Sequence[Number], now: datetime) -> Words:
    """What every document says: what, when, where, who, and where its numbers come from."""
    return {
        "title": symposium.label,
        "period": period_words(symposium.cycle.period),
        "when": instant(symposium.starts_at),
        "place": symposium.place,
        "chair": symposium.chair,
        "source": source_of(symposium.cycle, now),
        "as_of": instant(now),
        "synthetic": _("Demonstration data: district figures are synthetic") if settings.PORTAL_DEMO else "",
        "numbers": [{"place": one.place, "name": one.name, "shown": one.shown} for one in numbers],
    }


def briefing_of(symposium: Symposium, districts: Sequence[Words]) -> Words:
    """The city's part, and those of the districts as they were made before."""
    accepted = symposium.problems.filter(decision=Decision.ACCEPTED).select_related("indicator")
    return {
        "figures": [_figure(one) for one in headline_figures(symposium)],
        "problems": [sentence(one) for one in accepted],
        "districts": list(districts),
    }


def drawings_of(symposium: Symposium, now: datetime) -> list[Picture]:
    return pictures_of(symposium, _WHOLE, now)


def district_of(page: DistrictPage) -> Words:
    return {
        "name": page.submission.district_label,
        "profile": _profile(page.profile),
        "targets": [_target(one) for one in page.targets],
        "texts": [{"title": title, "paragraphs": paragraphs(text)} for title, text in page.texts],
        "tasks": [_task(one) for one in page.tasks],
    }


def minutes_of(symposium: Symposium) -> Words:
    grouped = conclusions_by_priority(symposium)
    items = [item for _name, conclusions in grouped for conclusion in conclusions for item in conclusion.items.all()]
    said = [one.item for one in timed_agenda(symposium) if one.item.remarks]
    return {
        "attendees": [
            {"district": str(one.district), "person": one.attendance.person, "note": one.attendance.get_answer_display()}
            for one in replies(symposium)
            if one.attendance is not None and one.comes
        ],
        "reports": [{"name": str(one), "paragraphs": paragraphs(one.remarks)} for one in said],
        "assessment": paragraphs(symposium.assessment),
        "conclusions": [{"group": name, "texts": [one.text for one in found]} for name, found in grouped],
        "items": [
            {
                "title": item.title,
                "lead": str(item.lead),
                "co_leads": _(", ").join(map(str, item.co_leads.all())),
                "deliverable": item.deliverable,
                "deadline": date_format(item.deadline, "DATE_FORMAT"),
            }
            for item in items
        ],
    }


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def writable(given: Any) -> Any:
    """The same without the characters that a document cannot hold, wherever they stand."""
    if isinstance(given, str):
        return _CONTROL.sub("", given)
    if isinstance(given, dict):
        return {name: writable(value) for name, value in given.items()}
    return [writable(one) for one in given] if isinstance(given, list) else given


def _figure(figure: CycleFigure) -> Words:
    return {
        "name": figure.indicator.label,
        "unit": figure.indicator.unit_label,
        "value": value_of(figure.value, figure.indicator),
        "growth": change_of(figure.growth, figure.indicator),
        "coverage": f"{figure.value_reported}/{figure.expected}",
    }


def _profile(profile: Profile | None) -> Words:
    if profile is None:
        return {"positioning": "", "industries": "", "path": []}
    industries = _(", ").join(map(str, profile.industries.all()))
    return {"positioning": profile.positioning, "industries": industries, "path": paragraphs(profile.path)}


def _target(one: TargetStanding) -> Words:
    return {
        "name": one.indicator.label,
        "target": one.target_text,
        "result": one.result_text,
        "gap": one.reason or one.gap_text,
        "light": str(one.light.label),
    }


def _task(one: Standing) -> Words:
    return {
        "title": one.task.title,
        "deadline": date_format(one.task.deadline, "DATE_FORMAT"),
        "progress": _("%(number)s %%") % {"number": one.progress},
        "standing": str(one.signal.label),
    }
