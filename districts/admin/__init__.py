"""The bureau's pages about people, mail and working days."""

from districts.admin import acting, mail, people, workdays

__all__ = ["acting", "mail", "people", "workdays"]
