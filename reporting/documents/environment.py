"""What a template may do: name words, repeat, decide, and change how a word is written. Nothing is called, and nothing is reached
but the words."""

from typing import Any

from jinja2 import StrictUndefined
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

_FILTERS = ("capitalize", "default", "e", "escape", "first", "join", "last", "length", "lower", "title", "trim", "upper")
"""None of those with which a few signs become gigabytes."""
_LOOP = {"first", "index", "index0", "last", "length", "nextitem", "previtem", "revindex", "revindex0"}


class WordsOnly(ImmutableSandboxedEnvironment):
    """A picture in a document has, behind its name, the document, its files and their places: none of that is a word."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.globals = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return isinstance(obj, LoopContext) and attr in _LOOP

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        raise SecurityError(operator)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Of words the one of this name, never what Python calls so: `items` of the minutes is a list of them."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)
