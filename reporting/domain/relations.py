"""What has to hold between the answers of a draft: its own rules, and the two built-in kinds of check."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import end_of, lock_draft, save_part
from reporting.domain.keys import suggested_key
from reporting.models import Check, Rule


def add_rule(*, rule: Rule, actor: User) -> Rule:
    """Behind the others. A blank key is made from the message."""
    with transaction.atomic():
        version = lock_draft(version_id=rule.version_id, actor=actor)
        taken = set(version.rules.values_list("key", flat=True))
        rule.key = rule.key or suggested_key(rule.message, taken=taken, otherwise="rule")
        rule.position = end_of(version.rules.all())
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
        check.position = end_of(version.checks.all())
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
