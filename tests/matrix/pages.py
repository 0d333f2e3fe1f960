"""All pages with what they answer."""

from tests.matrix import admin_pages, pieces, portal_pages

PORTAL_PAGES = portal_pages.PORTAL_PAGES | pieces.PORTAL
ADMIN_PAGES = admin_pages.ADMIN_PAGES | pieces.ADMIN
