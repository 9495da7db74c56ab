"""Profiles of colour, with what colours need alone (ICC.1:2022, 7).

A profile is a head, a table of tags and their data. Makers write into it who they are, the number
of a screen and when it was measured, and whoever likes can put anything between. What is not
needed is blank: every place stays where it was.
"""

SMALLEST, HEAD, ENTRY, MOST_TAGS = 132, 128, 12, 100
MARK = slice(36, 40)
SAID_BY = (slice(4, 8), slice(48, 56), slice(80, 84), slice(84, 100))
"""In the head: whose engine, which device, by whom, and a sum over all, which would be wrong."""
MADE_AT = slice(24, 36)
A_DAY = bytes.fromhex("07d0 0001 0001 0000 0000 0000")
NEEDED = frozenset(
    (
        *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"bkpt"),
        *(b"chad", b"chrm", b"lumi", b"gamt", b"cicp", b"clrt", b"clro", b"clot"),
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"pre0", b"pre1", b"pre2"),
        *(b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"B2D0", b"B2D1", b"B2D2", b"B2D3"),
    )
)
TEXTS = (b"text", b"desc", b"mluc", b"dict", b"dtim", b"data", b"sig ")
"""Kinds of data that say something, whatever the tag is called."""


def bare_profile(raw: bytes) -> bytes:
    """Return a profile of colour without what does not colour; empty: it is none."""
    size, count = (int.from_bytes(raw[at : at + 4], "big") for at in (0, HEAD))
    table = HEAD + 4 + ENTRY * count
    if raw[MARK] != b"acsp" or not SMALLEST <= size <= len(raw) or count > MOST_TAGS:
        return b""
    if table > size:
        return b""
    blank = bytearray(size)
    blank[:table] = raw[:table]
    for place in SAID_BY:
        blank[place] = bytes(place.stop - place.start)
    blank[MADE_AT] = A_DAY
    for at in range(HEAD + 4, table, ENTRY):
        start, length = (int.from_bytes(raw[at + n : at + n + 4], "big") for n in (4, 8))
        if start < table or start + length > size:
            return b""
        if raw[at : at + 4] in NEEDED and raw[start : start + 4] not in TEXTS:
            blank[start : start + length] = raw[start : start + length]
    return bytes(blank)
