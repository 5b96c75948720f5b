"""Every provider we can speak to."""

from studio.providers.base import Traits

PROVIDERS = {
    "local": Traits(free=True, repeatable=True, can_cancel=True, lookup=False),
}


def traits(provider: str) -> Traits:
    """What can be relied on there; of a provider we do not speak to: nothing."""
    return PROVIDERS.get(provider, Traits())
