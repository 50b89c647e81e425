"""What the reading process gives up before it sees a file: opening anything, the network, other processes, memory
without end.

Linux's seccomp needs no rights and works in containers. Whoever takes over the reading process by a file made for that
can compute, and answer through the one socket that is open. Everything else is refused by the kernel.
"""

import codecs
import ctypes
import platform
import resource
import sys
from collections.abc import Iterable
from importlib import import_module

from app.core.spreadsheet.result import Limits

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # the four instructions of the filter
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_CALL, _ARCHITECTURE = 0, 4  # where the kernel's description of a call holds its number, and the machine's kind
_OTHER_NUMBERS = 0x40000000  # x86 has a second numbering from here on
# Memory, the descriptors that are open already, time, signals to itself, locks, chance, and the end. Numbers: asm/unistd.h.
_CALLS = {
    "x86_64": (0xC000003E, (
        0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 24, 25, 28, 35, 36, 37, 38, 39, 44, 45, 46, 47, 60, 96, 98,
        131, 186, 201, 202, 219, 228, 229, 230, 231, 271, 273, 318, 324, 334)),
    "aarch64": (0xC00000B7, (
        57, 62, 63, 64, 65, 66, 67, 73, 80, 93, 94, 98, 99, 101, 102, 103, 113, 114, 115, 124, 128, 132, 134, 135, 139, 165,
        169, 172, 178, 206, 207, 211, 212, 214, 215, 216, 222, 226, 233, 278, 283, 293)),
}  # fmt: skip
# Afterwards nothing can be loaded any more: what the library loads only when it is called, and code pages of old .xls.
_LOADED_LATE = ("heapq", "linecache", "stringprep", "tokenize")
_CODE_PAGES = (
    "ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "iso8859-1", "iso8859-15",
    *(f"cp{number}" for number in (437, 720, 737, 775, 850, 852, 855, 857, 858, *range(860, 867), 869, 874, 932, 936, 949, 950,
                                   *range(1250, 1259), 1361)),
    "mac_roman", "mac_greek", "mac_cyrillic", "mac_latin2", "mac_iceland", "mac_turkish",
)  # fmt: skip


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def confine(limits: Limits) -> str:
    """Gives everything up. Gives back why that was not possible in full: an empty text when it was."""
    for page in _CODE_PAGES:
        codecs.lookup(page)
    for module in _LOADED_LATE:
        import_module(module)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(kind, (0, 0))
    return _filter_calls()


def _filter_calls() -> str:
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _CALLS:
        return f"no list of system calls for {sys.platform} on {machine}"
    library = ctypes.CDLL(None, use_errno=True)
    program = _assembled(*_CALLS[machine])
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(
        _SET_SECCOMP, _FILTER_MODE, ctypes.byref(program)
    ):
        return f"the kernel takes no filter (error {ctypes.get_errno()})"
    return ""


def _assembled(architecture: int, calls: Iterable[int]) -> _Program:
    """Allowed: these calls of this machine. A jump counts the instructions that it leaves out."""
    numbers = sorted(calls)
    last = len(numbers)
    instructions = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, last + 2, architecture),
        (_LOAD, 0, 0, _CALL),
        (_AT_LEAST, last, 0, _OTHER_NUMBERS),
        *((_EQUAL, last - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    array = (_Instruction * len(instructions))(*(_Instruction(*each) for each in instructions))
    return _Program(len(instructions), array)
