"""How the cells of a workbook look: one style for each thing that a cell can be. White is what a person fills in."""

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

TITLE, WORDS, HEAD, SECTION, HELP = "portal title", "portal words", "portal head", "portal section", "portal help"
LABEL, UNIT, PRIOR, INPUT, INPUT_TEXT, COMPUTED, CLOSED = (
    "portal question", "portal unit", "portal earlier", "portal number", "portal text", "portal computed", "portal closed",
)  # fmt: skip
TO_CORRECT, TO_EXPLAIN, KEYS = "portal to correct", "portal to explain", "portal keys"

_FONT = "Microsoft YaHei"
"""Has both languages' letters on the machines of a bureau; others put a like one in its place."""
_LINE = Side(style="thin", color="C9D2DC")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_INK, _SOFT, _DARK, _PALE, _GREY, _RED, _AMBER = "1B2733", "5B6B7B", "1F4E79", "E8F0F8", "F3F5F7", "9B1C1C", "8A5A00"
ERROR_FILL = "FDE2E1"


def named_styles() -> list[NamedStyle]:
    return [
        _style(TITLE, font=_font(16, bold=True, color=_DARK)),
        _style(WORDS, wrap=True),
        _style(HEAD, font=_font(color="FFFFFF", bold=True), fill=_DARK, wrap=True, box=True, vertical="center"),
        _style(SECTION, font=_font(12, bold=True, color=_DARK), fill=_PALE, vertical="center"),
        _style(HELP, font=_font(9, color=_SOFT), wrap=True),
        _style(LABEL, wrap=True, box=True, fill=_GREY),
        _style(UNIT, font=_font(color=_SOFT), box=True, fill=_GREY, wrap=True),
        _style(PRIOR, font=_font(color=_SOFT), box=True, fill=_GREY, horizontal="right"),
        _style(INPUT, box=True, locked=False, horizontal="right"),
        _style(INPUT_TEXT, box=True, locked=False, wrap=True, number_format="@"),
        _style(COMPUTED, font=_font(bold=True), box=True, fill=_GREY, horizontal="right"),
        _style(CLOSED, box=True, fill=_GREY, wrap=True),
        _style(TO_CORRECT, font=_font(9, color=_RED), box=True, fill=ERROR_FILL, wrap=True),
        _style(TO_EXPLAIN, font=_font(9, color=_AMBER), box=True, fill="FFF3D6", wrap=True),
        _style(KEYS, font=_font(8, color=_SOFT)),
    ]


def _font(size: int = 10, *, bold: bool = False, color: str = _INK) -> Font:
    return Font(name=_FONT, size=size, bold=bold, color=color)


def _style(
    name: str,
    *,
    font: Font | None = None,
    fill: str = "",
    box: bool = False,
    wrap: bool = False,
    locked: bool = True,
    horizontal: str = "general",
    vertical: str = "top",
    number_format: str = "General",
) -> NamedStyle:
    return NamedStyle(
        name=name,
        font=font or _font(),
        fill=PatternFill("solid", fgColor=fill) if fill else PatternFill(),
        border=_BOX if box else Border(),
        alignment=Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap),
        protection=Protection(locked=locked),
        number_format=number_format,
    )
