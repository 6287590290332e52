"""How a command ends: in words, whatever ends it."""
from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import click

from sim.scenario.messages import Message, say
from surgeline import INTERRUPTED, usage
from surgeline.locale import in_lang

GOES_ON = say("Interrupted: the same command goes on from here.")
BEGINS_ANEW = say("Interrupted: nothing is kept, the same command begins anew.")
BAD_INPUT = 2
REMIND_S = 1.0
KEEPS_NOTHING = "surgeline.keeps_nothing"
RESUMED = ("run", "compare", "sensitivity", "calibrate", "plan")  # commands that keep what is finished


class Commands(usage.Group):
    """Commands whose every end is told in words: what a planner can mend, Ctrl-C, and nobody who reads on."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        with usage.speaking(words):
            return super().main(words, *more, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with interrupts() as came:
            try:
                return flushed(super().invoke, ctx)
            except (Exception, KeyboardInterrupt) as error:  # Ctrl-C comes out of some libraries as an error of theirs
                if came or isinstance(error, KeyboardInterrupt):
                    end_interrupted(ctx)
                if isinstance(error, BrokenPipeError):  # who reads has read enough
                    forget_output()
                    sys.exit(0)
                end_in_words(error)
                raise


def flushed(command: Callable[[click.Context], Any], ctx: click.Context) -> Any:
    """What a command gives back, once all that it printed is where it belongs.

    :raises OSError: if it can't get there.
    """
    try:
        found = command(ctx)
    except SystemExit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return found


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Ctrl-C is noted besides being raised, and raised again where it was lost: callbacks of imports swallow it."""
    came: list[int] = []

    def note(number: int, frame: Any) -> None:
        came.append(number)
        remind_in(REMIND_S)
        raise KeyboardInterrupt

    def remind(number: int, frame: Any) -> None:
        remind_in(REMIND_S)
        if sys.exc_info()[0] is None:  # else it is on its way
            raise KeyboardInterrupt

    handlers = {signal.SIGINT: note} | ({signal.SIGALRM: remind} if hasattr(signal, "SIGALRM") else {})
    before = {number: signal.getsignal(number) for number in handlers}
    hooks = sys.unraisablehook, sys.excepthook
    if threading.current_thread() is not threading.main_thread() or before[signal.SIGINT] is signal.SIG_IGN:
        yield came  # nobody interrupts
        return
    try:
        sys.unraisablehook = lambda told: None if told.exc_type is KeyboardInterrupt else hooks[0](told)
        sys.excepthook = lambda kind, *more: None if kind is KeyboardInterrupt else hooks[1](kind, *more)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        yield came
    finally:
        remind_in(0)
        sys.unraisablehook, sys.excepthook = hooks
        for number, former in before.items():
            signal.signal(number, former)


def remind_in(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def end_interrupted(ctx: click.Context) -> None:
    """In one line, which is true: not every command keeps what is finished."""
    remind_in(0)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeps = ctx.invoked_subcommand in RESUMED and not ctx.meta.get(KEEPS_NOTHING)
    tell(GOES_ON if keeps else BEGINS_ANEW)
    sys.exit(INTERRUPTED)


def end_in_words(error: BaseException) -> None:
    """What a planner can mend: a message and exit code 2. Nothing else is caught here."""
    from surgeline.problems import PROBLEMS, in_words
    if isinstance(error, PROBLEMS):
        full = isinstance(error, OSError) and error.filename is None and not can_show()
        tell(say("standard output: {why}", why=in_words(error)) if full else in_words(error))
        sys.exit(BAD_INPUT)


def tell(message: Message) -> None:
    click.echo(in_lang(message, usage.language()), err=True)


def can_show() -> bool:
    """Whether what was printed gets where it belongs. What doesn't is not tried again as the program ends."""
    try:
        print(flush=True)
    except OSError:
        forget_output()
        return False
    return True


def forget_output() -> None:
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def told_in_utf8(stream: Any) -> Any:
    """A terminal is told in its own letters, if these have Chinese ones, and everything else in UTF-8."""
    if stream is None:  # closed
        return open(os.devnull, "w", encoding="utf-8")
    own = stream.isatty() and stream.encoding.lower().startswith(("gb", "big5", "cp936", "cp950", "euc"))
    stream.reconfigure(encoding=stream.encoding if own else "utf-8", errors="backslashreplace")
    return stream

