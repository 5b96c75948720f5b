"""Take from this process, for good, the calls that open a connection or start a program.

Linux only (a seccomp filter; no privilege needed). Elsewhere the limits of `cage` stand alone.
"""

import ctypes
import errno
import os
import platform
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_ALL_THREADS = 1

# BPF: load a word, jump if equal, jump if greater or equal, return.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EACCES
# Numbers above are the x32 calls, the same things by another door.
_X32 = 0x40000000


@dataclass(frozen=True)
class _Machine:
    """The kernel's numbers: of the machine, of `seccomp`, and of the calls we refuse."""

    audit: int
    seccomp: int
    socket: int
    execve: int
    execveat: int
    io_uring_setup: int = 425

    @property
    def refused(self) -> tuple[int, ...]:
        return (self.socket, self.execve, self.execveat, self.io_uring_setup)


_MACHINES = {
    "x86_64": _Machine(audit=0xC000003E, seccomp=317, socket=41, execve=59, execveat=322),
    "aarch64": _Machine(audit=0xC00000B7, seccomp=277, socket=198, execve=221, execveat=281),
}


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.POINTER(_Instruction))]


def refuse_network_and_programs() -> None:
    """From here on sockets and new programs are refused, in every thread, with EACCES."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return
    code = _code(machine)
    program = _Program(len(code), (_Instruction * len(code))(*code))
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _check(libc.syscall(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program)))


def _code(machine: _Machine) -> list[_Instruction]:
    """Jumps count the instructions skipped; the last two are "refuse" and "allow"."""
    checks = [_Instruction(_IF_AT_LEAST, len(machine.refused), 0, _X32)]
    for place, number in enumerate(machine.refused, start=1):
        checks.append(_Instruction(_IF_EQUAL, len(machine.refused) - place, 0, number))
    checks[-1].if_false = 1
    return [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_IF_EQUAL, 0, len(checks) + 1, machine.audit),
        _Instruction(_LOAD, 0, 0, _NUMBER),
        *checks,
        _Instruction(_RETURN, 0, 0, _REFUSE),
        _Instruction(_RETURN, 0, 0, _ALLOW),
    ]


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"this kernel cannot cage a process: {os.strerror(number)}")
