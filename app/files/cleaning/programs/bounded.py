"""The process in which one upload is cleaned; it may be killed at any time.

It bounds itself before a byte of the upload is read, runs the program that it is told, and writes
what that returns to standard output; or it writes one word to standard error and ends with status
3. A program is a file with ``clean(content, *bounds)`` and an exception ``Refused``.
"""

import resource
import runpy
import sys
from pathlib import Path
from typing import NoReturn

MEMORY = 512 * 1024 * 1024  # bytes of address space
PROCESSOR = 5  # seconds
PRODUCT = Path(__file__).parents[4]  # behind the libraries, so that it hides none of them


def limit() -> None:
    """Bound this process; what it may do only shrinks."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Clean the upload on standard input."""
    limit()
    sys.path.append(str(PRODUCT))
    program = runpy.run_path(sys.argv[1])
    try:
        clean = program["clean"](sys.stdin.buffer.read(), *map(int, sys.argv[2:]))
    except program["Refused"] as fault:
        refuse(str(fault))
    except MemoryError:
        refuse("heavy")
    except Exception:  # noqa: BLE001  whatever a decoder raises, the upload is at fault
        refuse("broken")
    sys.stdout.buffer.write(clean)


def refuse(reason: str) -> NoReturn:
    """End with the reason."""
    sys.stderr.write(reason)
    sys.exit(3)


if __name__ == "__main__":
    main()
