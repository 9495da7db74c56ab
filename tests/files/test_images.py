"""What is left of a picture is its pixels; what is no picture, or too much of one, is refused."""

import io
import resource
import subprocess
import sys

import pytest
from PIL import Image

from app.files.cleaning import apart
from app.files.cleaning.apart import PROGRAMS
from app.files.cleaning.pictures import clean_image
from app.files.refusals import ImageRefused
from tests.files.pictures import CANARY, bomb, moving, photo, telling


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
