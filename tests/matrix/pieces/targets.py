"""Targets: one of each district with its canary in the note, and one of the city."""

from decimal import Decimal
from typing import Any

from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.targets import TargetKind
from reporting.models import Indicator, TargetIssue
from tests.matrix.verdicts import Page
from tests.matrix.world import NORTH, Tenant, World


def plant(world: World) -> None:
    stock = Indicator.objects.get(code="STOCK")
    year = world.now.year
    for tenant in (world.north, world.south):
        tenant.rows["own_district"] = tenant.district
        target = NewTarget(tenant.district, stock, year, TargetKind.STOCK, Decimal(120))
        note = f"{tenant.canary} target"
        tenant.rows["targetissue"] = issue_targets(targets=[target], note=note, actor=world.cast.administrator, now=world.now)


def _seen(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"seen": TargetIssue.objects.latest("pk").pk}


PORTAL = {
    "targets": Page("302 | 403 | 200 | 403"),
    "targets_acknowledge": Page("405", "302 | 404 | 403 403 302 | 403", row="own_district", is_tenants=True, body=_seen),
}
ADMIN: dict[str, Page] = {}
WORDS = [("targets", "observer", {NORTH}), ("targets", "head", {NORTH})]
