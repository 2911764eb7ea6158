"""What a child that opens a stranger's file may still do: read that file and our libraries, write into one folder, and count.

Landlock (kernel 5.13 and later) keeps it to those files, seccomp keeps it from sockets of every family, from other processes and from the
doors of the kernel that a parser has no use for. Both are asked for by system calls and need no privilege and no library. Neither can be
undone by the process that asked. Numbers are the kernel's own interface: uapi/linux/landlock.h, seccomp.h, filter.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_GET_SECCOMP, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 21, 22, 2


def prepare() -> None:
    """What is the same for every child is worked out once, before the first."""
    libraries()
    if seccomp_known():
        _program(platform.machine())


# --- files ------------------------------------------------------------------------------------------------------------
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
RULE_PATH_BENEATH, ASK_VERSION = 1, 1
READ_FILE, READ_DIR, WRITE_FILE, REMOVE_FILE, MAKE_REG, TRUNCATE = 1 << 2, 1 << 3, 1 << 1, 1 << 5, 1 << 8, 1 << 14
_FILE_RIGHTS = {
    1: 13,
    2: 14,
    3: 15,
    5: 16,
}  # from this version on, so many rights are handled: all the others are refused
_NET_FROM, _BIND_AND_CONNECT = 4, 0b11
_SCOPES_FROM, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11


def landlock_version() -> int:
    """0 where the kernel has none, or it is switched off."""
    return max(0, _libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(ASK_VERSION)))


@cache
def libraries() -> list[str]:
    """Where code is loaded from: parsers load parts of themselves when a file first needs them. The same for every child."""
    paths = {
        sysconfig.get_path("stdlib"),
        sysconfig.get_path("platstdlib"),
        sys.base_prefix + "/lib",
        *sys.path,
        "/lib",
        "/lib64",
        "/usr/lib",
    }
    return sorted({path for path in paths if path and os.path.isabs(path) and Path(path).exists()})


def keep_to_files(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """From here on no other file can be opened, for whatever, and no TCP port either. False where the kernel cannot."""
    version = landlock_version()
    if version == 0:
        return False
    handled = (1 << max(rights for first, rights in _FILE_RIGHTS.items() if first <= version)) - 1
    net = _BIND_AND_CONNECT if version >= _NET_FROM else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_FROM else 0
    asked = struct.pack("=QQQ", handled, net, scopes)[: 24 if scopes else 16 if net else 8]
    rules = _checked(_libc.syscall(CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), ctypes.c_uint32(0)))
    for path in readable:
        _allow(rules, path, READ_FILE | READ_DIR)
    for path in writable:
        _allow(rules, path, (READ_FILE | READ_DIR | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE) & handled)
    _no_new_privileges()
    _checked(_libc.syscall(RESTRICT_SELF, rules, ctypes.c_uint32(0)))
    os.close(rules)
    return True


def _allow(rules: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not Path(path).is_dir():
            rights &= READ_FILE | WRITE_FILE | TRUNCATE
        rule = struct.pack("=Qi", rights, place)
        _checked(_libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, rule, ctypes.c_uint32(0)))
    finally:
        os.close(place)


# --- system calls -----------------------------------------------------------------------------------------------------
# (AUDIT_ARCH, {name: number}); what is not named is allowed. io_uring would do all of it behind the filter's back.
_X86_64 = {
    "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47, "bind": 49, "listen": 50,
    "socketpair": 53, "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "shmget": 29, "shmat": 30, "msgget": 68, "semget": 64,
    "ptrace": 101, "rt_sigqueueinfo": 129, "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166, "init_module": 175, "tkill": 200,
    "mq_open": 240, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "accept4": 288,
    "rt_tgsigqueueinfo": 297, "perf_event_open": 298, "name_to_handle_at": 303, "open_by_handle_at": 304, "sendmmsg": 307,
    "recvmmsg": 299, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
    "kexec_file_load": 320, "bpf": 321, "execveat": 322, "userfaultfd": 323,
}  # fmt: skip
_AARCH64 = {
    "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "sendto": 206, "recvfrom": 207,
    "sendmsg": 211, "recvmsg": 212, "execve": 221, "kill": 129, "tkill": 130, "rt_sigqueueinfo": 138, "shmget": 194, "shmat": 196,
    "msgget": 186, "semget": 190, "ptrace": 117, "pivot_root": 41, "chroot": 51, "mount": 40, "umount2": 39, "init_module": 105,
    "mq_open": 180, "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97, "accept4": 242,
    "rt_tgsigqueueinfo": 240, "perf_event_open": 241, "name_to_handle_at": 264, "open_by_handle_at": 265, "sendmmsg": 269,
    "recvmmsg": 243, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273,
    "kexec_file_load": 294, "bpf": 280, "execveat": 281, "userfaultfd": 282,
}  # fmt: skip
_EVERYWHERE = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_open": 434, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442,
}  # fmt: skip
_CLONE3, _ENOSYS, _EPERM = 435, 38, 1
_CLONE_THREAD = 0x10000
_ARCHITECTURES = {  # AUDIT_ARCH_*, refused calls, clone, tgkill
    "x86_64": (0xC000003E, _X86_64, 56, 234),
    "aarch64": (0xC00000B7, _AARCH64, 220, 131),
}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


def seccomp_known() -> bool:
    return platform.machine() in _ARCHITECTURES and _libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0


def refuse_calls() -> bool:
    """From here on no socket, no program, no other process. Threads may begin. False on a machine that is not known here."""
    if not seccomp_known():
        return False
    program = _program(platform.machine()) + _signals_to_itself(platform.machine(), os.getpid())
    held = ctypes.create_string_buffer(program)
    filter_ = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    _no_new_privileges()
    _checked(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0))
    return True


@cache
def _program(machine: str) -> bytes:
    """The same for every child. Of a foreign architecture or x86's second numbering: killed. A new process: refused by its argument."""
    arch, refused, clone, _ = _ARCHITECTURES[machine]
    numbers = sorted({*refused.values(), *_EVERYWHERE.values()})
    steps = [
        _do(_LOAD, _ARCH_AT),
        _do(_EQUAL, arch, 1, 0),
        _do(_RETURN, _KILL),
        _do(_LOAD, _NUMBER_AT),
        _do(_AT_LEAST, 0x40000000, 0, 1),
        _do(_RETURN, _KILL),
        *(step for number in numbers for step in (_do(_EQUAL, number, 0, 1), _do(_RETURN, _ERROR | _EPERM))),
        _do(_EQUAL, _CLONE3, 0, 1),
        _do(_RETURN, _ERROR | _ENOSYS),  # its flags lie in memory: the C library takes clone instead
        _do(_EQUAL, clone, 0, 4),
        _do(_LOAD, _FIRST_ARGUMENT_AT),
        _do(_ANY_BIT, _CLONE_THREAD, 0, 1),
        _do(_RETURN, _ALLOW),
        _do(_RETURN, _ERROR | _EPERM),
    ]
    return b"".join(steps)


def _signals_to_itself(machine: str, pid: int) -> bytes:
    """abort() is a signal to oneself; to others there is none."""
    tgkill = _ARCHITECTURES[machine][3]
    steps = [
        _do(_EQUAL, tgkill, 0, 3),
        _do(_LOAD, _FIRST_ARGUMENT_AT),
        _do(_EQUAL, pid, 1, 0),
        _do(_RETURN, _ERROR | _EPERM),
        _do(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _do(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _no_new_privileges() -> None:
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
