"""The sections of a draft."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import end_of, lock_draft, save_part
from reporting.domain.keys import suggested_key
from reporting.models import Section


def add_section(*, section: Section, actor: User) -> Section:
    """At the end of the draft. A blank key is made from the title."""
    with transaction.atomic():
        version = lock_draft(version_id=section.version_id, actor=actor)
        taken = set(version.sections.values_list("key", flat=True))
        section.key = section.key or suggested_key(section.title, taken=taken, otherwise="section")
        section.position = end_of(version.sections.all())
        save_part(section)
        return section


def change_section(*, section: Section, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=section.version_id, actor=actor)
        stored = Section.objects.get(pk=section.pk)
        section.position, section.key = stored.position, section.key or stored.key
        save_part(section)


def delete_section(*, section: Section, actor: User) -> None:
    """With its questions."""
    with transaction.atomic():
        lock_draft(version_id=section.version_id, actor=actor)
        Section.objects.filter(pk=section.pk).delete()
