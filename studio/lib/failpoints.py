"""Named crash points. Off unless STUDIO_FAILPOINTS names them; then the process kills itself.

`STUDIO_FAILPOINTS=collect.before_row` dies by SIGKILL the first time that point is passed,
`collect.before_row=stop` freezes by SIGSTOP instead, and `=raise` lets a test in this process
see what a death leaves. The fault tests arm them (reliability guide, "How to inject"); nothing
else may.
"""

import os
import signal
import threading

_ACTIONS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Died(BaseException):
    """Stands for the end of the process: nobody catches it, and transactions roll back."""


def _armed() -> dict[str, str]:
    entries = filter(None, os.environ.get("STUDIO_FAILPOINTS", "").split(","))
    return {name: action or "kill" for name, _, action in (e.partition("=") for e in entries)}


ARMED = _armed()


def reach(name: str) -> None:
    action = ARMED.get(name)
    if action == "raise":
        raise Died(name)
    if action:
        # To this thread: sent to the process, another one may take it and this one run on a little.
        signal.pthread_kill(threading.get_ident(), _ACTIONS[action])
