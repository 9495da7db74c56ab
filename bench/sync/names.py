"""The names of the bench's streams, for whoever needs no contract of theirs."""

PLAIN = "bench_plain"
PERSONAL = "bench_personal"
