"""Building a symposium's document: the parts of the districts one by one, and the whole last."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from districts.errors import NotAllowed
from districts.queries.access import is_bureau_administrator
from reporting.documents.content import Words, briefing_of, district_of, drawings_of, frame_of, minutes_of
from reporting.documents.own import own_template
from reporting.documents.writing import written
from reporting.domain.documents import keep_document
from reporting.enums import ItemState, JobKind
from reporting.enums.symposiums import DocumentKind
from reporting.jobs.running import Outcome
from reporting.models import DocumentTemplate, Job, JobItem, Symposium
from reporting.queries.symposiums.numbers import numbers_of
from reporting.queries.symposiums.reading import district_pages


def build_part(job: Job, item: JobItem, now: datetime) -> Outcome:
    """Raises Refused where the template cannot be filled in, and NotAllowed for who is no administrator any more."""
    if not is_bureau_administrator(job.actor):
        raise NotAllowed(_("Only a bureau administrator has documents built and replaces their templates."))
    symposium = Symposium.objects.select_related("cycle__definition").get(pk=job.symposium_id or 0)
    if item.district_id is not None:
        return _district(symposium, item, now)
    return _whole(job, symposium, item, now)


def _district(symposium: Symposium, item: JobItem, now: datetime) -> Outcome:
    pages = district_pages(symposium, now, [item.district_id or 0])
    content = json.dumps([district_of(page) for page in pages]).encode()
    return Outcome(ItemState.DONE, fields={"content": content})


def _whole(job: Job, symposium: Symposium, item: JobItem, now: datetime) -> Outcome:
    kind = DocumentKind(job.kind)
    numbers = numbers_of(symposium.cycle)
    template = DocumentTemplate.objects.filter(kind=kind).first()
    own = bytes(template.content) if template and template.content else own_template(kind)
    words = frame_of(symposium, numbers, now)
    pictures = []
    if job.kind == JobKind.BRIEFING:
        words |= briefing_of(symposium, list(_made(job)))
        pictures = drawings_of(symposium, now)
    else:
        words |= minutes_of(symposium)
    content = written(own, words, pictures)
    keep_document(
        job=job,
        name=item.name,
        content=content,
        numbers=[number.stored() for number in numbers],
        template=template,
        now=now,
    )
    return Outcome(ItemState.DONE, _("The document stands at the symposium."))


def _made(job: Job) -> Iterator[Words]:
    """The districts' parts, in their order."""
    for content in job.items.exclude(content=None).order_by("position").values_list("content", flat=True):
        yield from json.loads(bytes(content or b"[]"))
