"""What lies inside the territory of an order."""

from grids.models import Territory

LEVELS = 4


def parts_of(territory: Territory) -> frozenset[int]:
    """Keys of a territory and of everything inside it, one query for each level."""
    found, level = {territory.pk}, {territory.pk}
    for _step in range(LEVELS):
        level = set(Territory.objects.filter(parent__in=level).values_list("pk", flat=True))
        if not level:
            break
        found |= level
    return frozenset(found)
