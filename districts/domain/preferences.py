"""What people settle for themselves: the language they read, and how their mail comes."""

from districts.models import User


def change_language(*, actor: User, language: str) -> None:
    """From the next page and the next mail on."""
    if actor.language != language:
        actor.language = language
        actor.save(update_fields=["language"])


def change_preferences(*, actor: User, language: str, daily_digest: bool) -> None:
    actor.language, actor.daily_digest = language, daily_digest
    actor.save(update_fields=["language", "daily_digest"])
