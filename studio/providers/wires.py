"""Who encodes for whom. Brings every wire along; `registry` answers what is known without one."""

from studio.providers.base import Adapter
from studio.providers.jiekou import Jiekou
from studio.providers.vidu import Relay, Vidu
from studio.providers.zhipu import Zhipu

_ADAPTERS: dict[str, Adapter] = {
    "zai": Zhipu(),
    "bigmodel": Zhipu(),
    "jiekou": Jiekou(),
    "vidu": Vidu(),
    "relay": Relay(),
}


class UnknownProvider(KeyError):
    """Nobody here speaks to it by wire: Local, or a stranger."""


def adapter(provider: str) -> Adapter:
    """Raises `UnknownProvider`."""
    found = _ADAPTERS.get(provider)
    if found is None:
        raise UnknownProvider(provider)
    return found
