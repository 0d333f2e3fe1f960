"""What a draft says as a whole: the statement that the head confirms, and its bounds."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import lock_draft, save_part
from reporting.models import DefinitionVersion


def change_version(*, version: DefinitionVersion, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=version.pk, actor=actor)
        save_part(version)
