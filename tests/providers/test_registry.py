from studio.providers.base import Traits
from studio.providers.registry import traits


def test_local_is_free_and_may_be_repeated() -> None:
    assert traits("local") == Traits(free=True, repeatable=True, can_cancel=True, lookup=False)


def test_nothing_is_relied_on_at_a_stranger() -> None:
    assert traits("nobody") == Traits()
    assert not any((Traits().free, Traits().repeatable, Traits().can_cancel, Traits().lookup))
