"""Processor time of processes, and who started whom."""

import psutil  # type: ignore[import-untyped]  # it comes without types


def cpu_seconds_of(process: int) -> float:
    """Return user and system time of a process and all below it, those that ended included."""
    root = psutil.Process(process)
    spent = 0.0
    for each in (root, *root.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue  # its parent has its time now
        spent += times.user + times.system + times.children_user + times.children_system
    return spent


def parent_of(process: int) -> int:
    """Return the process that started ``process``."""
    return int(psutil.Process(process).ppid())
