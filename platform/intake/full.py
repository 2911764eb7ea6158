"""No room is left, for us or on the disk: nobody's fault, and over when somebody makes some."""

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(failure: BaseException | None) -> bool:
    return isinstance(failure, OSError) and failure.errno in _FULL
