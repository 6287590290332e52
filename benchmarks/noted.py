"""Run a slow proof and write down what it said: ``python -m benchmarks.noted NAME -- COMMAND...``.

``docs/proofs/NAME.md`` gets the output with the date, the machine and the commit. Exit code: that of the command.
"""
from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROOFS = ROOT / "docs" / "proofs"


def commit() -> str:
    """The commit of the tree, marked if something in it, such pages apart, is not committed."""
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    changed = git("status", "--porcelain", "--", ".", ":!docs/proofs")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")


def machine() -> str:
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.processor())
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def page(name: str, command: list[str], said: str, code: int) -> str:
    """The page: a table stays a table, anything else is shown as it was printed."""
    body = said.strip() if said.lstrip().startswith("|") else f"```text\n{said.strip()}\n```"
    return (f"# {name}\n\n`{' '.join(command)}`, exit code {code}. {date.today()}, commit {commit()}, "
            f"{machine()}; others may have worked beside it.\n\n{body}\n")


def main() -> None:
    if "--" not in sys.argv:
        sys.exit(__doc__)
    name, _, *command = sys.argv[1:]
    done = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert done.stdout is not None
    lines = []
    for line in done.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    code = done.wait()
    PROOFS.mkdir(parents=True, exist_ok=True)
    (PROOFS / f"{name}.md").write_text(page(name, ["python", *command], "".join(lines), code), encoding="utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main()
