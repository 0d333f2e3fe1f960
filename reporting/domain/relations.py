"""What has to hold between the answers of a draft: its own rules, and the two built-in kinds of check."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import lock_draft, save_part
from reporting.domain.keys import suggested_key
from reporting.models import Check, Rule


def add_rule(*, rule: Rule, actor: User) -> Rule:
    """Behind the others. A blank key is made from the message."""
    with transaction.atomic():
        version = lock_draft(version_id=rule.version_id, actor=actor)
        others = list(version.rules.all())
        rule.key = rule.key or suggested_key(rule.message, taken={other.key for other in others}, otherwise="rule")
        rule.position = max((other.position for other in others), default=0) + 1
        save_part(rule)
        return rule


def change_rule(*, rule: Rule, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=rule.version_id, actor=actor)
        rule.key = rule.key or Rule.objects.get(pk=rule.pk).key
        save_part(rule)


def delete_rule(*, rule: Rule, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=rule.version_id, actor=actor)
        Rule.objects.filter(pk=rule.pk).delete()


def add_check(*, check: Check, actor: User) -> Check:
    """Behind the others."""
    with transaction.atomic():
        version = lock_draft(version_id=check.version_id, actor=actor)
        check.position = max((other.position for other in version.checks.all()), default=0) + 1
        save_part(check)
        return check


def change_check(*, check: Check, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=check.version_id, actor=actor)
        save_part(check)


def delete_check(*, check: Check, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=check.version_id, actor=actor)
        Check.objects.filter(pk=check.pk).delete()
