"""The bureau's pages about districts and people."""

from districts.admin import districts, mail, people

__all__ = ["districts", "mail", "people"]
