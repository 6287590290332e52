"""Files and folders that are there whole or not at all, and that one command at a time writes.

What is being written lies in a hidden folder beside its place, under a lock that ends with its process. What a killed
command has left is removed by the next one that writes there.
"""
from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.scenario.messages import say
from sim.scenario.problems import reason
from surgeline.problems import RunError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".surgeline"  # of a lock; the hidden folder beside it has the same name without
TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
NAMED = 40  # characters of a name in that of its hidden folder: a longer name must have room
ONLY_A_LINK = getattr(os, "O_NOFOLLOW", 0)
HELD: dict[Path, Path] = {}
"""What this process is writing: by place, the folder in which its parts are made."""


class TakenError(RunError):
    """Another command is writing there."""


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when everything in it is written.

    :raises RunError: if something has that name already, or it can't be written.
    """
    with new(folder) as parts:
        part = parts / folder.name
        try:
            part.mkdir()
            yield part
            os.rename(part, folder)
        except OSError as error:
            raise unwritable(folder, error) from None


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file that gets its name when it is written, instead of what has it: a link goes, what it leads to stays.

    :raises RunError: if it can't be written.
    """
    with reserved(path) as parts:
        part = parts / path.name
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise unwritable(path, error) from None


@contextmanager
def new(folder: Path) -> Iterator[Path]:
    """The place of a folder to come, held from now on: what can't be written is told before the work, not after it.

    :raises RunError: as ``reserved``, and if something has that name already.
    """
    refuse_if_there(folder)
    with reserved(folder, with_parents=True) as parts:
        refuse_if_there(folder)  # a name such as x/.. is there once x is
        yield parts


@contextmanager
def reserved(path: Path, with_parents: bool = False) -> Iterator[Path]:
    """A hidden folder beside a place, for what is to stand there. Nobody else writes there meanwhile.

    :raises RunError: if somebody does, or nothing of that name can be written there.
    """
    place = place_of(path)
    if place in HELD:  # from further out
        yield HELD[place]
        return
    with held(path, with_parents) as parts:
        try:
            (parts / path.name).mkdir(parents=True)  # as long a name, on the same disk
            (parts / path.name).rmdir()
        except (OSError, ValueError) as error:
            remove(parts)
            raise unwritable(path, error) from None
        try:
            yield parts
        finally:
            remove(parts)


@contextmanager
def held(path: Path, with_parents: bool = False) -> Iterator[Path]:
    """Hold a place, after what the killed have left beside it is swept up. Gives the name of its hidden folder.

    :raises TakenError: if another command holds it.
    :raises RunError: if nothing can be written there.
    """
    with parents(path, with_parents):
        place = place_of(path)
        parts = hidden(place)
        if place in HELD:
            raise taken(path, lock_of(parts))
        HELD[place] = parts
        try:
            with locked(lock_of(parts), path):
                sweep(place.parent)
                remove(parts)
                yield parts
        finally:
            del HELD[place]


@contextmanager
def parents(path: Path, wanted: bool) -> Iterator[None]:
    """The folders above a place, made if that is wanted. Those in which nothing came to be go again.

    :raises RunError: if there are none.
    """
    missing = [one for one in path.parents if wanted and not os.path.lexists(one)]
    try:
        try:
            if missing:
                path.parent.mkdir(parents=True, exist_ok=True)
            os.stat(path.parent / ".")
        except (OSError, ValueError) as error:
            raise unwritable(path, error) from None
        yield
    finally:
        for one in missing:
            with suppress(OSError, ValueError):
                one.rmdir()


def refuse_if_there(path: Path) -> None:
    """:raises RunError: if something has that name, be it a link that leads nowhere."""
    if path.name in ("", "..") or os.path.lexists(path):
        raise RunError(say("{path} is there already: choose another with --out, or remove it", path=path))


def unwritable(path: Path, error: Exception) -> RunError:
    return RunError(say("{path} can't be written: {why}", path=path, why=reason(error)))


def is_free(path: Path) -> bool:
    """Whether nothing has that name and, as far as one sees, nobody is writing it."""
    place = place_of(path)
    return not os.path.lexists(path) and not os.path.lexists(lock_of(hidden(place)))


# --- locks -----------------------------------------------------------------------------------------------------------

def place_of_parts(folder: Path) -> Path:
    """Where a folder stands in the end that is being written."""
    return next((place for place, parts in HELD.items() if parts == folder.parent), folder)


def place_of(path: Path) -> Path:
    """The same for whatever leads there."""
    return Path(os.path.realpath(path.parent)) / path.name


def hidden(place: Path) -> Path:
    """The folder beside a place in which its parts are made."""
    digest = hashlib.sha256(place.name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return place.with_name(f".{place.name[:NAMED]}.{digest}")


def lock_of(parts: Path) -> Path:
    return parts.with_name(parts.name + SUFFIX)


@contextmanager
def locked(lock: Path, path: Path) -> Iterator[None]:
    """A file that no other process has while this one does, and that is gone afterwards.

    :raises RunError: if another process has it, or it can't be made.
    """
    try:
        file = seized(lock)
    except (OSError, ValueError) as error:
        is_taken = isinstance(error, OSError) and error.errno in TAKEN and lock.exists()
        raise taken(path, lock) if is_taken else unwritable(path, error) from None
    try:
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()} {socket.gethostname()}\n".encode())
        yield
    finally:
        with suppress(OSError):
            lock.unlink(missing_ok=True)
        os.close(file)


def seized(lock: Path) -> int:
    """The open lock. Who lets go removes the file first: one that is gone by then is no lock.

    :raises OSError: if another process has it, or it can't be made.
    """
    while True:
        file = os.open(lock, os.O_RDWR | os.O_CREAT | ONLY_A_LINK, 0o644)
        try:
            seize(file)
        except OSError as error:
            if error.errno in TAKEN:
                os.close(file)
                raise
        if lock.exists() and os.path.samestat(os.stat(lock), os.fstat(file)):
            return file
        os.close(file)


def seize(file: int) -> None:
    """:raises OSError: if another process has this file, or there are no such locks here."""
    if fcntl is None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def taken(path: Path, lock: Path) -> TakenError:
    who = say("")
    with suppress(OSError, ValueError):
        process, host = lock.read_text(encoding="utf-8").split()
        who = say(" (process {process} on {host})", process=process, host=host)
    return TakenError(say("{path} is being written by another command{who}: wait for it, or write elsewhere",
                          path=path, who=who))


def sweep(folder: Path) -> None:
    """Remove what killed commands have left in a folder: the locks that nobody holds, and what they were for."""
    mine = {lock_of(parts) for parts in HELD.values()}  # to close them once more would open them to others
    names: list[str] = []
    with suppress(OSError):  # a folder that may be written and not read
        names = [name for name in os.listdir(folder) if name.startswith(".") and name.endswith(SUFFIX)]
    for lock in [folder / name for name in names if folder / name not in mine]:
        with suppress(OSError):
            file = os.open(lock, os.O_RDWR | ONLY_A_LINK)
            try:
                seize(file)
                remove(lock.with_name(lock.name.removesuffix(SUFFIX)))
                lock.unlink()
            finally:
                os.close(file)


def remove(path: Path) -> None:
    """Whatever has that name; of a link only the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
