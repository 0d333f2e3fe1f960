"""What people settle for themselves: the language they read, how their mail comes, and their telephone."""

from django.db.models import F

from districts.models import User


def change_language(*, actor: User, language: str) -> None:
    """From the next page and the next mail on."""
    if actor.language != language:
        actor.language = language
        actor.save(update_fields=["language"])


def change_preferences(*, actor: User, language: str, daily_digest: bool, phone: str) -> None:
    actor.language, actor.daily_digest, actor.phone = language, daily_digest, phone
    actor.save(update_fields=["language", "daily_digest", "phone"])


def open_calendar(*, actor: User) -> None:
    """Give the person's calendar an address; one that there was ends."""
    User.objects.filter(pk=actor.pk).update(calendar_is_open=True, calendar_serial=F("calendar_serial") + 1)


def close_calendar(*, actor: User) -> None:
    """The address answers no more, and never will again."""
    User.objects.filter(pk=actor.pk).update(calendar_is_open=False, calendar_serial=F("calendar_serial") + 1)
