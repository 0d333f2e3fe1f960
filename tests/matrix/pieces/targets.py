"""Targets: one of each district with its canary in the note, and one of the city."""

from decimal import Decimal
from typing import Any

from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.targets import TargetKind
from reporting.models import Indicator, Target, TargetIssue
from tests.matrix.verdicts import Page, bureau
from tests.matrix.world import NORTH, Tenant, World


def plant(world: World) -> None:
    stock = Indicator.objects.get(code="STOCK")
    year = world.now.year
    for tenant in (world.north, world.south):
        tenant.rows["own_district"] = tenant.district
        target = NewTarget(tenant.district, stock, year, TargetKind.STOCK, Decimal(120))
        note = f"{tenant.canary} target"
        tenant.rows["targetissue"] = issue_targets(targets=[target], note=note, actor=world.cast.administrator, now=world.now)
    world.shared["target"] = Target.objects.earliest("pk")


def _seen(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"seen": TargetIssue.objects.latest("pk").pk}


PORTAL = {
    "targets": Page("302 | 403 | 200 | 403"),
    "targets_acknowledge": Page("405", "302 | 404 | 403 403 302 | 403", row="own_district", is_tenants=True, body=_seen),
}
_P = "admin:reporting_target_"


def _one(_world: World, tenant: Tenant) -> dict[str, Any]:
    stock = Indicator.objects.get(code="STOCK").pk
    return {"district": tenant.district.pk, "indicator": stock, "year": 2033, "kind": "stock", "value": "7", "note": "Typed."}


def _table(_world: World, tenant: Tenant) -> dict[str, Any]:
    return {"year": 2034, "note": "Typed.", "table": f"District\tSTOCK\n{tenant.district.code}\t8", "confirm": "1"}


_ADMINISTRATORS, _DONE = bureau("403 403 200"), bureau("403 403 302")
ADMIN = {
    f"{_P}add": Page(_ADMINISTRATORS, _DONE, body=_one),
    f"{_P}table": Page(_ADMINISTRATORS, _DONE, body=_table),
    f"{_P}this_year": Page(bureau("302"), bureau("405"), writers=()),
    f"{_P}year": Page(bureau("200"), bureau("405"), more={"year": 2026}),
}
WORDS = [("targets", "observer", {NORTH}), ("targets", "head", {NORTH})]
