"""The bureau's pages about districts and people."""

from districts.admin import acting, districts, mail, people

__all__ = ["acting", "districts", "mail", "people"]
