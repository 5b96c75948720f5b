"""Named crash points. Off unless STUDIO_FAILPOINTS names them; then the process kills itself.

`STUDIO_FAILPOINTS=collect.before_row` dies by SIGKILL the first time that point is passed,
`collect.before_row=stop` freezes by SIGSTOP instead. The fault tests arm them (reliability
guide, "How to inject"); nothing else may.
"""

import os
import signal

_ACTIONS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def _armed() -> dict[str, str]:
    entries = filter(None, os.environ.get("STUDIO_FAILPOINTS", "").split(","))
    return {name: action or "kill" for name, _, action in (e.partition("=") for e in entries)}


ARMED = _armed()


def reach(name: str) -> None:
    action = ARMED.get(name)
    if action:
        os.kill(os.getpid(), _ACTIONS[action])
