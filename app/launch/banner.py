"""What a newcomer reads when all is up."""

import json
from pathlib import Path


def banner(address: str, people: Path, seconds: float, live: str = "") -> str:
    """Return a few lines: where to look, whom to sign in as, and how long the start took."""
    lines = [
        "",
        f"邻里 Linli is ready after {seconds:.1f} s (Ctrl-C stops it)",
        f"  API docs    {address}/docs",
        *([f"  open pages  {live}"] if live else []),
    ]
    named = [f"  sign in as  {who}" for who in _people(people)]
    if named:
        lines += [*named, "  Sign-in codes are printed here, in this terminal."]
    lines += ["  A guided walk through the API, in another terminal: make demo", ""]
    return "\n".join(lines)


def _people(file: Path) -> list[str]:
    """Name one invented person a role; none where the sample is not there."""
    try:
        people = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    roles = ("resident", "worker", "staff")
    known = [(role, people[role]) for role in roles if role in people]
    return [f"{role:<9} {person['phone']}  {person['name']}" for role, person in known]
