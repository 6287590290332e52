"""A headless Chromium, told what to do over a pipe by the DevTools protocol: no script of ours is in the page."""
from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
         "--remote-debugging-pipe")
MM = 96 / 25.4  # pixels
SCREEN, PAPER = 1280, round(184 * MM)  # the width of a page on a screen, and on A4 between its margins
HEIGHT = 900


@dataclass
class Browser:
    """One page of a browser."""

    to: BinaryIO
    back: BinaryIO
    session: str = ""
    number: int = field(default=0)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        self.to.write(json.dumps(message | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.to.flush()
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def next(self) -> dict[str, Any]:
        """The next message, whatever it is about."""
        raw = bytearray()
        while not raw.endswith(b"\0"):
            byte = self.back.read(1)
            if not byte:
                raise RuntimeError("the browser is gone")
            raw += byte
        return json.loads(raw[:-1])

    def wait_for(self, event: str) -> None:
        while self.next().get("method") != event:
            pass

    def attach(self) -> None:
        """Talk to the page from now on."""
        page = next(one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.ask("Page.enable")

    def show(self, file: Path, lang: str, paper: bool) -> None:
        """A report in a language, on a screen or as it is printed."""
        self.ask("Emulation.setEmulatedMedia", media="print" if paper else "screen")
        self.ask("Emulation.setDeviceMetricsOverride", width=PAPER if paper else SCREEN, height=HEIGHT,
                 deviceScaleFactor=1, mobile=False)
        self.ask("Page.navigate", url=file.resolve().as_uri())
        self.wait_for("Page.loadEventFired")
        self.run(f"document.getElementById('show-{lang}').checked = true")

    def run(self, script: str) -> Any:
        """The value of a script."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])

    def print(self) -> bytes:
        """The page as PDF, as it asks to be printed."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, both gone afterwards.

    :raises FileNotFoundError: where there is none: pictures can't be looked at then.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise FileNotFoundError(f"none of {', '.join(NAMES)} is installed")
    its_in, to = piped()
    back, its_out = piped()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
        pipes = [(os.POSIX_SPAWN_DUP2, its_in, 3), (os.POSIX_SPAWN_DUP2, its_out, 4)]
        process = os.posix_spawn(program, words, os.environ, file_actions=[*nowhere, *pipes])
        os.close(its_in)
        os.close(its_out)
        with open(to, "wb") as ours, open(back, "rb") as theirs:
            try:
                found = Browser(ours, theirs)
                found.attach()
                yield found
                found.session = ""
                found.ask("Browser.close")
            finally:
                os.kill(process, signal.SIGTERM)
                os.waitpid(process, 0)


def piped() -> tuple[int, int]:
    """The ends of a pipe, numbered above those that a browser listens and speaks on."""
    ends = os.pipe()
    found = fcntl.fcntl(ends[0], fcntl.F_DUPFD_CLOEXEC, 10), fcntl.fcntl(ends[1], fcntl.F_DUPFD_CLOEXEC, 10)
    for end in ends:
        os.close(end)
    return found
