"""A provider that takes a job and tells its state, and nothing else."""

from typing import NoReturn

from studio.providers.base import Access, Balance, Found, Reply, Request


class Unsupported(Exception):
    """Asked of a provider what its `Traits` say that it cannot do: our own mistake."""


class PollOnly:
    """The rest of `Adapter`, for wires that have no more than submit and poll."""

    def cancel(self, remote_id: str, access: Access) -> Request:
        self._deny("cancel")

    def read_cancel(self, reply: Reply) -> bool:
        self._deny("cancel")

    def find(self, uid: str, access: Access, page: str = "") -> Request:
        self._deny("look-up")

    def read_find(self, reply: Reply, uid: str) -> Found:
        self._deny("look-up")

    def balance(self, access: Access) -> Request:
        self._deny("balance")

    def read_balance(self, reply: Reply) -> Balance:
        self._deny("balance")

    def _deny(self, what: str) -> NoReturn:
        raise Unsupported(f"{type(self).__name__} has no {what}")
