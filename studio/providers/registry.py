"""Every provider we can speak to, as data. Light: pages import it, so it brings no wire along."""

from collections.abc import Mapping

from studio.providers.base import Traits

PROVIDERS = {
    "local": Traits(free=True, repeatable=True, can_cancel=True, lookup=False),
    "zai": Traits(),
    "bigmodel": Traits(),
    "jiekou": Traits(),
    "vidu": Traits(can_cancel=True, lookup=True, calls_back=True, tells_balance=True),
    # Speaks as Vidu does where it is documented: a job and its state, nothing else.
    "relay": Traits(),
}
# A relay's own words, as `Access.options` may change them. The scheme "none" sends the bare key;
# {endpoint} and {id} (or {task_id}) stand for what the job says.
RELAY_OPTIONS: Mapping[str, str] = {
    "scheme": "Bearer",
    "submit_path": "/vidu/v2/{endpoint}",
    "poll_path": "/vidu/v2/tasks/{task_id}/creations",
}


def traits(provider: str) -> Traits:
    """What can be relied on there; of a provider we do not speak to: nothing."""
    return PROVIDERS.get(provider, Traits())
