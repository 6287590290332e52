"""Run the commands of the documents: every block fenced as bash, one shell each, until one fails."""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(name: str) -> list[str]:
    return [match[1] for match in BLOCK.finditer((ROOT / name).read_text(encoding="utf-8"))]


def test_command() -> str:
    """README's command that sets up and passes the tests, in the pip form."""
    return next(block for block in blocks("README.md") if "pytest" in block)


def run(block: str) -> None:
    print(f"$ {block.strip().splitlines()[0]}", flush=True)
    venv = ROOT / ".venv" / "bin"
    path = f"{venv}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        sys.exit(f"a command of the documents failed with {done.returncode}:\n{block}")


if __name__ == "__main__":
    if sys.argv[1:] == ["test"]:
        run(test_command())
    elif sys.argv[1:] == ["install"]:
        run(test_command().rpartition("&&")[0])
    else:
        every = dict.fromkeys(block for name in ("README.md", "README.en.md", "DESIGN.md") for block in blocks(name))
        for block in every:
            if block != test_command():
                run(block)
