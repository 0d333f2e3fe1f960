"""Numbers that look measured: repeatable noise, and totals split without a remainder."""

import hashlib
from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal


def noise(*parts: object) -> Decimal:
    """Between -1 and 1, the same for the same parts on every machine."""
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).digest()
    return Decimal(int.from_bytes(digest[:6], "big")) / Decimal(2**47) - 1


def pick(count: int, *parts: object) -> int:
    """An index below `count`, the same for the same parts."""
    return int((noise(*parts) + 1) / 2 * count) % count


def allocate(total: Decimal, weights: Mapping[str, Decimal], quantum: Decimal) -> dict[str, Decimal]:
    """Split a total, a multiple of the quantum, by weights so that the parts add up to it (largest remainders get the rest)."""
    whole = sum(weights.values(), Decimal(0))
    if not whole:
        return dict.fromkeys(weights, Decimal(0))
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: value.quantize(quantum, rounding=ROUND_DOWN) for key, value in exact.items()}
    left = int((total - sum(parts.values(), Decimal(0))) / quantum)
    for key in sorted(exact, key=lambda name: (parts[name] - exact[name], name))[:left]:
        parts[key] += quantum
    return parts
