class Refused(Exception):
    """A rule says no. `field` names the place in a form; empty when it concerns the whole."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
