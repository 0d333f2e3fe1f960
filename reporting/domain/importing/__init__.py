"""A definition from a file: looked at first, then made as a draft; or loaded as a published version."""

from reporting.domain.importing.definition import Preview, import_definition, load_definition, preview_import

__all__ = ["Preview", "import_definition", "load_definition", "preview_import"]
