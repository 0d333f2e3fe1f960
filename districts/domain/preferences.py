"""What people settle for themselves: the language they read, how their mail comes, and their telephone."""

from django.db.models import F

from districts.models import User

PREFERENCES = frozenset({"language", "daily_digest", "morning_digest", "phone"})


def change_language(*, actor: User, language: str) -> None:
    """From the next page and the next mail on."""
    if actor.language != language:
        actor.language = language
        actor.save(update_fields=["language"])


def change_preferences(*, actor: User, **given: str | bool) -> None:
    """`given`: of `PREFERENCES`, those that the person was asked for."""
    if unknown := given.keys() - PREFERENCES:
        raise ValueError(f"No preferences: {unknown}")
    for name, value in given.items():
        setattr(actor, name, value)
    actor.save(update_fields=sorted(given))


def open_calendar(*, actor: User) -> None:
    """Give the person's calendar an address; one that there was ends."""
    User.objects.filter(pk=actor.pk).update(calendar_is_open=True, calendar_serial=F("calendar_serial") + 1)


def close_calendar(*, actor: User) -> None:
    """The address answers no more, and never will again."""
    User.objects.filter(pk=actor.pk).update(calendar_is_open=False, calendar_serial=F("calendar_serial") + 1)
