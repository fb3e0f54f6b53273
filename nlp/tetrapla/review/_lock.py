"""A file for one program alone: of two that append to one, each would cut off what the other wrote."""

from __future__ import annotations

import sys
from typing import BinaryIO

from tetrapla.errors import InputError

__all__ = ["lock"]


def lock(file: BinaryIO, name: str) -> None:
    """Take an open file for this program alone, until it is closed or the program ends, however that may be.

    Raises:
        InputError: another program has it, or the disk cannot do that; `name` is the file's in the message.
    """
    try:
        _take(file)
    except BlockingIOError as e:
        raise InputError(f"{name} is open in another program; end the `tetrapla review` that has it first") from e
    except OSError as e:
        raise InputError(f"cannot lock {name}: {(e.strerror or str(e)).lower()}; keep it on this machine's disk") from e


if sys.platform == "win32":
    import msvcrt

    # Behind the end of any file: what is locked on Windows cannot be read either.
    BEYOND = 1 << 62

    def _take(file: BinaryIO) -> None:
        at = file.tell()
        file.seek(BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as e:
            raise BlockingIOError(e.errno, e.strerror) from e
        finally:
            file.seek(at)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
