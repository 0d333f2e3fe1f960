"""The bureau's pages about people, mail and working days."""

from districts.admin import acting, deputies, mail, people, profiles, workdays

__all__ = ["acting", "deputies", "mail", "people", "profiles", "workdays"]
