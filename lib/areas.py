"""Areas of ground as people read them."""

SQUARE_KILOMETRE = 1_000_000


def spelled(square_metres: float) -> str:
    """`12,345 m²`; from a square kilometre on `3.18 km²`."""
    if abs(square_metres) >= SQUARE_KILOMETRE:
        return f"{square_metres / SQUARE_KILOMETRE:,.2f} km²"
    return f"{square_metres:,.0f} m²"
