"""A stamped scan for the demonstration: one page as a PDF, with a red seal that says what it is."""

from collections.abc import Sequence

_SEAL = """1 0 0 RG 1 0 0 rg 3 w
{right} {y} m {right} {up} {upper_x} {top} {x} {top} c {lower_x} {top} {left} {up} {left} {y} c
{left} {down} {lower_x} {bottom} {x} {bottom} c {upper_x} {bottom} {right} {down} {right} {y} c S
BT /F 9 Tf {text_x} {text_y} Td (DEMONSTRATION) Tj ET"""
_X, _Y, _RADIUS, _BEND = 430, 250, 62, 34


def stamped_page(lines: Sequence[str]) -> bytes:
    """A page of A4 with the lines (letters of ASCII) and the seal under them."""
    text = " ".join(f"({line.replace(chr(92), '').replace('(', '').replace(')', '')}) Tj T*" for line in lines)
    drawing = f"0 g BT /F 13 Tf 22 TL 72 740 Td {text} ET\n{_seal()}"
    return _document(
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>",
        f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream",
        "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    )


def _seal() -> str:
    sides = {"left": _X - _RADIUS, "right": _X + _RADIUS, "lower_x": _X - _BEND, "upper_x": _X + _BEND}
    ends = {"top": _Y + _RADIUS, "bottom": _Y - _RADIUS, "up": _Y + _BEND, "down": _Y - _BEND}
    return _SEAL.format(x=_X, y=_Y, text_x=_X - 41, text_y=_Y - 3, **sides, **ends)


def _document(*objects: str) -> bytes:
    """The objects numbered from 1, with the table that says where each begins."""
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size} /Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("ascii", "replace")
