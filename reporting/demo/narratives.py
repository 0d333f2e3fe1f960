"""What districts write: sentences made of a district's own field, projects and figures."""

import json
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from reporting.demo.numbers import pick
from reporting.demo.series import Values
from reporting.demo.tables import DATA
from reporting.enums import BuiltIn
from reporting.periods import Period
from reporting.queries.content import Finding
from reporting.validators.comparison import growth
from reporting.validators.numbers import round_half_up

_FIELDS = ("Funds", "Data", "Talent", "Land and energy", "Rules and standards")
"""As the definition has them."""
_CENSUS_PERIODS = frozenset({"2024-A1", "2025-S1"})


@cache
def _texts() -> dict[str, Any]:
    return json.loads((DATA / "demo_narratives.json").read_text(encoding="utf-8"))


def narratives(period: Period, code: str, values: Values) -> dict[str, str]:
    """The answers to the questions that ask for text, by question key."""
    templates, own = _texts()["templates"], _texts()["districts"][code]
    words = _facts(values) | {
        "half": templates["half"][period.part].format(year=period.year),
        "field": own["field"],
        "field_start": own["field"][0].upper() + own["field"][1:],
        "ai": _one(own["ai"], "ai", period, code),
        "challenge": _one(own["challenges"], "challenge", period, code),
        "next": _one(own["next"], "next", period, code),
        **_two_projects(own["projects"], period, code),
    }
    asked = ("achievement", "artificial_intelligence", "key_tasks", "challenges", "next_steps")
    texts = {key: _one(templates[key], key, period, code).format(**words) for key in asked}
    topic = _one(_texts()["topics"], "topic", period, code)
    return {**texts, "practice": own["practice"], "symposium_topic": topic, **_optional(period, code)}


def _optional(period: Period, code: str) -> dict[str, str]:
    """A date in the period's last two months, and what a district ticks; some give no answer."""
    discussed = period.ends_on - timedelta(days=10 + pick(50, "discussed", period, code))
    wanted = [field for field in _FIELDS if pick(3, field, period, code) == 0]
    plan = "yes" if pick(5, "plan", code) else "no"
    return {"support_wanted": "\n".join(wanted), "plan_in_force": plan, "last_discussed": discussed.isoformat()}


def _facts(values: Values) -> dict[str, str]:
    core = sum((values[code] for code in ("A03", "A04", "A05", "A06")), Decimal(0))
    digital = core + values["A07"]
    return {
        "digital": f"{digital:,}",
        "growth": _percent(growth(digital, values["A09"])),
        "core_growth": _percent(growth(core, values["A10"])),
        "share": _percent(digital / values["A08"] * 100),
    }


def _percent(value: Decimal | None) -> str:
    return "n/a" if value is None else str(round_half_up(value, 1))


def _two_projects(projects: list[str], period: Period, code: str) -> dict[str, str]:
    start = pick(len(projects), "project", period, code)
    return {"first": projects[start], "second": projects[(start + 1) % len(projects)]}


def _one(choices: list[str], *parts: object) -> str:
    return choices[pick(len(choices), *parts)]


def correction() -> str:
    """What a district answers to a comment that asks it to look at a figure again."""
    return _texts()["templates"]["correction"]


def not_applicable() -> str:
    return _texts()["explanations"]["not_applicable"]


def explanation(period: Period, code: str, finding: Finding, surprise: str | None) -> str:
    """What a district says about a soft finding; `surprise` is the special cause, where there is one."""
    texts = _texts()["explanations"]
    if finding.rule == "base_differs":
        kind = "census" if str(period) in _CENSUS_PERIODS else "base_differs"
        return _one(texts[kind], kind, period, code)
    if finding.rule == BuiltIn.FALLING_STOCK:
        return texts["falling_stock"]
    by_indicator = texts["year_on_year"]
    return surprise or by_indicator.get(finding.question.key, by_indicator["default"])
