"""What can be wrong with a call, by what has to be done about it.

    ProviderError
    ├── Refused         the request itself is at fault: not created, not billed, never sent again
    ├── Busy            not created; the same request may be sent again later
    ├── AccountTrouble  not created; nothing on this account goes on until an admin acts
    ├── AlreadySent     the provider has this very request: never send it anew, look it up
    ├── Gone            (polls) it does not know the job, or not yet
    └── Unclear         proves nothing: on a paid submit the outcome is unknown, on a poll nothing

A business code in the body is read before the HTTP status. On a paid submit only what an
adapter lists is one of the first three; bare 408 and 5xx, an unreadable or id-less 200 are
`Unclear`, never "retry".
"""

from studio.providers.base import Kind


class ProviderError(Exception):
    """`code` and `message` are the provider's own; `retry_after` (seconds) where it is told."""

    def __init__(
        self, kind: Kind, code: str = "", message: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"{code} {message}".strip() or kind)
        self.kind = kind
        self.code = code
        self.message = message
        self.retry_after = retry_after


class Refused(ProviderError):
    pass


class Busy(ProviderError):
    pass


class AccountTrouble(ProviderError):
    pass


class AlreadySent(ProviderError):
    pass


class Gone(ProviderError):
    pass


class Unclear(ProviderError):
    pass
