"""The page of what differs between two versions of a definition."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from districts.admin.base import for_administrators
from districts.admin.pages import framed
from reporting.models import DefinitionVersion
from reporting.queries.definitions import version_before
from reporting.queries.differences import differences


@require_safe
@for_administrators
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Against the version published before it, unless others are chosen by their numbers."""
    version = get_object_or_404(DefinitionVersion.objects.select_related("definition"), pk=pk)
    versions = {str(one.number): one for one in version.definition.versions.select_related("definition").order_by("-number")}
    earlier = version_before(version)
    before = _chosen(versions, request.GET.get("before"), earlier or version)
    after = _chosen(versions, request.GET.get("after"), version)
    return framed(
        request,
        "admin/reporting/definitionversion/differences.html",
        model=DefinitionVersion,
        title=gettext("Differences of versions"),
        original=version,
        versions=list(versions.values()),
        found=differences(before.pk, after.pk),
    )


def _chosen(versions: dict[str, DefinitionVersion], number: str | None, otherwise: DefinitionVersion) -> DefinitionVersion:
    if not number:
        return otherwise
    if number not in versions:
        raise Http404
    return versions[number]
