"""The program ``surgeline``. From its first lines on Ctrl-C ends it in words, whatever is being loaded."""
import os
import signal
import sys

from surgeline import INTERRUPTED

EARLY = "已中断；什么也没有保留，重新运行将从头开始。Interrupted: nothing is kept, the same command begins anew.\n"


def end_early(number: int, frame: object) -> None:
    """No exception: it would come out of whatever is half loaded. Nor is any language known yet."""
    os.write(2, EARLY.encode())
    os._exit(INTERRUPTED)


def program() -> None:
    """A command as a program of its own: once it is through there is nothing left to interrupt."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, end_early)
    from surgeline.cli import main
    try:
        main()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            end_at_once()
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def end_at_once() -> None:
    """All is said, and what commands hold is closed. Libraries that were interrupted half loaded can't end as usual."""
    from contextlib import suppress
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody reads it
            stream.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    program()
