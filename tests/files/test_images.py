"""What is left of a picture is its pixels; what is no picture, or too much of one, is refused."""

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.files.cleaning import apart
from app.files.cleaning.apart import PROGRAMS
from app.files.cleaning.pictures import clean_image
from app.files.refusals import ImageRefused
from tests.files.pictures import CANARY, bomb, chunk, moving, photo, telling


def reason(content: bytes) -> object:
    with pytest.raises(ImageRefused) as refused:
        clean_image(content)
    return refused.value.facts["reason"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_what_a_picture_tells(form: str) -> None:
    raw = telling(form)
    assert CANARY.encode() in raw
    clean = clean_image(raw)
    for kept in (clean.content, clean.thumbnail):
        assert b"CANARY" not in kept
        picture = Image.open(io.BytesIO(kept), formats=("JPEG",))
        assert not picture.getexif()
        assert not {"comment", "exif", "xmp", "photoshop", "icc_profile"} & picture.info.keys()


def test_what_hides_behind_the_end_is_gone() -> None:
    tail = b"<script>CANARY</script>PK\x03\x04"
    for form in ("JPEG", "PNG", "WEBP"):
        assert b"CANARY" not in clean_image(photo(form=form) + tail).content


@pytest.mark.parametrize(
    ("turn", "red_at"),
    [(1, (10, 240)), (2, (630, 240)), (3, (630, 240)), (6, (240, 10)), (8, (240, 630))],
)
def test_a_picture_stands_upright_without_saying_so(turn: int, red_at: tuple[int, int]) -> None:
    clean = clean_image(telling("JPEG", turn))
    picture = Image.open(io.BytesIO(clean.content))
    red, _, blue = picture.getpixel(red_at)  # type: ignore[misc]
    assert red > 150 > blue
    assert (clean.width, clean.height) == picture.size == ((640, 480) if turn < 5 else (480, 640))


def test_holes_are_white_and_large_pictures_become_smaller() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (5000, 100), (0, 0, 0, 0)).save(out, "PNG")
    clean = clean_image(out.getvalue())
    assert (clean.width, clean.height) == (4096, 82)
    assert Image.open(io.BytesIO(clean.content)).getpixel((5, 5)) == (255, 255, 255)
    assert max(Image.open(io.BytesIO(clean.thumbnail)).size) == 320


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bomb(9000, 9000), "pixels"),
        (bomb(12001, 10), "sides"),
        (moving("PNG"), "frames"),
        (moving("WEBP"), "frames"),
        (photo()[:3000], "broken"),
        (b"\xff\xd8\xff\xe0 no picture at all", "broken"),
    ],
)
def test_what_is_too_much_or_broken_is_refused_by_name(content: bytes, expected: str) -> None:
    assert reason(content) == expected


@pytest.mark.parametrize(
    ("width", "height", "expected"), [(9000, 9000, "pixels"), (12001, 10, "sides")]
)
def test_bounds_are_judged_by_the_header_before_a_pixel_is_decoded(
    width: int, height: int, expected: str
) -> None:
    """There is no pixel to decode: whoever tried would find it broken."""
    head = bomb(width, height).split(b"IDAT")[0][:-4]
    assert reason(head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")) == expected


GREEDY = {
    "memory": "bytearray(600 * 1024 * 1024)",
    "processor time": "while True: pass",
    "a file": "open('/tmp/linli-greedy', 'wb', 0).write(b'x')",
    "no end": "import signal; signal.pause()",
}


@pytest.mark.parametrize("greed", GREEDY)
def test_a_program_that_wants_more_than_it_may_have_is_refused(
    greed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a picture could make the decoder do."""
    taken = GREEDY[greed].replace("/tmp/linli-greedy", str(tmp_path / "taken"))
    program = tmp_path / "greedy.py"
    program.write_text(
        f"class Refused(Exception): ...\ndef clean(content):\n    {taken}\n    return b'done'\n"
    )
    waits = greed == "no end"
    monkeypatch.setattr(apart, "WALL_S", 2.0 if waits else 120.0)
    with pytest.raises(apart.Spoilt) as refused:
        apart.run_apart(str(program), photo())
    assert isinstance(refused.value.__cause__, subprocess.TimeoutExpired) == waits
    assert not (tmp_path / "taken").exists() or (tmp_path / "taken").read_bytes() == b""
    program.write_text("class Refused(Exception): ...\ndef clean(content):\n    return content\n")
    assert apart.run_apart(str(program), b"modest") == b"modest"


def test_a_picture_of_forty_megapixels_is_taken_within_the_limits() -> None:
    assert clean_image(photo(8000, 5000)).width == 4096


def test_a_tiff_or_a_gif_with_a_picture_name_is_not_even_tried() -> None:
    for form in ("TIFF", "GIF", "BMP", "PPM"):
        assert reason(photo(form=form)) == "broken"


def test_a_decoder_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_S", 0.001)
    assert reason(photo()) == "heavy"


def test_the_limits_hold_in_the_process_itself() -> None:
    """Memory, processor time and files: what the decoder asks beyond them it does not get."""
    program = (
        f"import runpy; runpy.run_path({str(PROGRAMS / 'bounded.py')!r})['limit']();"
        "import resource;"
        "print([resource.getrlimit(x) for x in"
        " (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]);"
        "bytearray(600 * 1024 * 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == str([(2**29, 2**29), (5, 5), (0, 0)])
    assert "MemoryError" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 2**29  # ours is not bounded by it
