"""What people settle for themselves: the language they read, how their mail comes, and their telephone."""

from districts.models import User


def change_language(*, actor: User, language: str) -> None:
    """From the next page and the next mail on."""
    if actor.language != language:
        actor.language = language
        actor.save(update_fields=["language"])


def change_preferences(*, actor: User, language: str, daily_digest: bool, phone: str) -> None:
    actor.language, actor.daily_digest, actor.phone = language, daily_digest, phone
    actor.save(update_fields=["language", "daily_digest", "phone"])
