"""The indicators of a file: what is missing is added, what is equal is left alone, what is in use does not change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from districts.models import District
from reporting.domain.importing.rows import as_decimals, judge
from reporting.models import Inclusion, Indicator
from reporting.queries.exchange import INDICATOR, indicators_whole
from reporting.queries.indicators import codes_in_use
from reporting.rules import ExpressionError, parse_formula
from reporting.validators.json_files import clean
from reporting.validators.places import Found, Path

Item = Mapping[str, Any]
_LINKS = ("base_indicator", "weight_indicator", "units_indicator")
_OWN = {name: attribute for name, attribute in INDICATOR.items() if name not in _LINKS}


@dataclass
class Catalogue:
    """What becomes of the file's indicators, by code. `changed` are not in use yet."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    equal: list[str] = field(default_factory=list)


def take_indicators(data: Item, found: Found) -> Catalogue:
    catalogue, items = Catalogue(), list(_by_code(data, found))
    stored = {one.code: one for one in indicators_whole(code for code, _path, _item in items)}
    in_use = codes_in_use()
    for code, path, item in items:
        if code not in stored:
            _add(code, path, item, found)
            catalogue.added.append(code)
    known = {one.code: one for one in Indicator.objects.all()}
    districts = {one.code: one for one in District.objects.all()}
    for code, path, item in items:
        links = _links(path, item, known, found)
        inclusions = _inclusions(path, item, districts, found)
        _judge_formula(path, item, known, found)
        if code not in stored:
            _connect(known[code], links, inclusions)
            continue
        differences = list(_differences(stored[code], path, item, links, inclusions, found))
        if not differences:
            catalogue.equal.append(code)
        elif code in in_use:
            for place, sentence in differences:
                found.add(place, _("%(code)s is in use by a published version and stays as it is: %(difference)s")
                          % {"code": code, "difference": sentence})  # fmt: skip
        else:
            catalogue.changed[code] = [sentence for _place, sentence in differences]
            _change(stored[code], path, item, links, inclusions, found)
    return catalogue


def _by_code(data: Item, found: Found) -> Iterator[tuple[str, Path, Item]]:
    """Those whose code can be read, each once."""
    seen = set()
    for path, item in found.entries(data, "indicators"):
        code = item.get("code")
        if not isinstance(code, str) or not found.is_sound((*path, "code")):
            continue
        if code in seen:
            found.add((*path, "code"), _("The indicator %(code)s stands twice.") % {"code": code})
            continue
        seen.add(code)
        yield code, path, item


def _add(code: str, path: Path, item: Item, found: Found) -> None:
    """Where something is wrong with it, a row that stands in for it, so that the rest of the file is judged all the same."""
    stand_in = {"name": code, "name_zh": code, "unit": "–", "measure": "stock"}
    indicator = Indicator(**stand_in | as_decimals(found.sound(item, path, _OWN)))
    judge(indicator, path, INDICATOR, found)
    if not found.is_sound(path):
        indicator = Indicator(**stand_in | as_decimals(found.sound(item, path, _OWN)))
    indicator.save()


def _links(path: Path, item: Item, known: Mapping[str, Indicator], found: Found) -> dict[str, Indicator]:
    links = {}
    for name, code in found.sound(item, path, {link: link for link in _LINKS}).items():
        if code in known:
            links[name] = known[code]
        else:
            found.add((*path, name), _("There is no indicator %(code)s, here or in the file.") % {"code": code})
    return links


def _judge_formula(path: Path, item: Item, known: Mapping[str, Indicator], found: Found) -> None:
    formula = found.sound(item, path, {"formula": "formula"}).get("formula")
    if not formula:
        return
    try:
        sentences = parse_formula(formula).unknown(known.keys())
    except ExpressionError as error:
        sentences = [str(error)]
    for sentence in sentences:
        found.add((*path, "formula"), sentence)


def _inclusions(
    path: Path, item: Item, districts: Mapping[str, District], found: Found
) -> dict[District, frozenset[District]] | None:
    """By the unit that is contained; None where the file does not speak of it."""
    if "inclusions" not in item:
        return None
    inclusions: dict[District, frozenset[District]] = {}
    for place, one in found.entries(item, "inclusions", path):
        if not found.is_sound(place):
            continue
        named = {(*place, "contained"): one["contained"]}
        named |= {(*place, "containers", number): code for number, code in enumerate(one["containers"])}
        for where, code in named.items():
            if code not in districts:
                found.add(where, _("There is no district with the code “%(code)s”.") % {"code": clean(code)})
        if not found.is_sound(place):
            continue
        contained = districts[one["contained"]]
        if contained in inclusions:
            found.add((*place, "contained"), _("The district %(code)s stands twice.") % {"code": contained.code})
        inclusions[contained] = frozenset(districts[code] for code in one["containers"])
    return inclusions


def _connect(
    indicator: Indicator, links: Mapping[str, Indicator], inclusions: Mapping[District, frozenset[District]] | None
) -> None:
    for name, other in links.items():
        setattr(indicator, name, other)
    if links:
        indicator.save(update_fields=list(links))
    for contained, containers in (inclusions or {}).items():
        Inclusion.objects.create(indicator=indicator, contained=contained).containers.set(containers)


def _differences(
    stored: Indicator,
    path: Path,
    item: Item,
    links: Mapping[str, Indicator],
    inclusions: Mapping[District, frozenset[District]] | None,
    found: Found,
) -> Iterator[tuple[Path, str]]:
    """What the file says otherwise than the catalogue, field by field. What it leaves out is no difference."""
    given = as_decimals(found.sound(item, path, _OWN)) | dict(links)
    for name, value in given.items():
        here = getattr(stored, name)
        if here != value:
            yield (*path, name), _differs(str(stored._meta.get_field(name).verbose_name), here, value)  # type: ignore[union-attr]  # noqa: SLF001
    if inclusions is not None:
        here = {one.contained: frozenset(one.containers.all()) for one in stored.inclusions.all()}
        if here != inclusions:
            name = str(Inclusion._meta.verbose_name_plural)  # noqa: SLF001
            yield (*path, "inclusions"), _differs(name, _in_words(here), _in_words(inclusions))


def _differs(name: str, here: Any, given: Any) -> str:
    return _("%(name)s is “%(here)s” here and “%(given)s” in the file.") % {
        "name": name,
        "here": _shown(here),
        "given": _shown(given),
    }


def _shown(value: Any) -> str:
    if isinstance(value, Indicator):
        return value.code
    return "–" if value in {None, ""} else clean(f"{value.normalize():f}" if hasattr(value, "normalize") else str(value))


def _in_words(inclusions: Mapping[District, frozenset[District]]) -> str:
    pairs = {contained.code: sorted(one.code for one in containers) for contained, containers in inclusions.items()}
    return "; ".join(f"{contained} ⊂ {', '.join(containers)}" for contained, containers in sorted(pairs.items()))


def _change(
    stored: Indicator,
    path: Path,
    item: Item,
    links: Mapping[str, Indicator],
    inclusions: Mapping[District, frozenset[District]] | None,
    found: Found,
) -> None:
    for name, value in as_decimals(found.sound(item, path, _OWN)).items():
        setattr(stored, name, value)
    judge(stored, path, INDICATOR, found)
    if not found.is_sound(path):
        return
    stored.save()
    if inclusions is not None:
        stored.inclusions.all().delete()
    _connect(stored, links, inclusions)
