"""What can be wrong with a file that was to be a video."""


class NotAVideo(Exception):
    """The file is not kept: `reason` says in plain words what a strict decode found."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RenditionFailed(Exception):
    """A poster or preview could not be made. The video itself is whole and kept."""
