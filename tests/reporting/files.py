"""Files with definitions, as somebody writes them by hand."""

import json
from typing import Any

SECTION: dict[str, Any] = {"key": "statistics", "title": "Statistics", "questions": [{"indicator": "N1"}, {"indicator": "N2"}]}


def indicator_item(code: str, **fields: Any) -> dict[str, Any]:
    values = {"name": f"Indicator {code}", "name_zh": f"指标{code}", "unit": "firms", "measure": "stock", "decimals": 0}
    return {"code": code, **values, **fields}


def definition_item(**fields: Any) -> dict[str, Any]:
    """A sound file, that brings its two indicators along."""
    return {
        "format": 1,
        "slug": "kind",
        "name": "Kind",
        "frequency": "yearly",
        "statement": "True.",
        "sections": [SECTION],
        "indicators": [indicator_item("N1"), indicator_item("N2")],
        **fields,
    }


def content_of(**fields: Any) -> bytes:
    return json.dumps(definition_item(**fields), ensure_ascii=False).encode()
