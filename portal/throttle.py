"""How often one address may try something."""

from lib.throttle import count, tries
from organizations.http import address_of

__all__ = ["address_of", "count", "tries"]
