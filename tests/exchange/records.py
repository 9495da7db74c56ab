"""Made-up records, as the district would send them; each is right unless a test changes it."""

from app.identity.numbers import check_digit

GRIDS = ("DDHT-XQ-LT-C03-G2", "DDHT-DG-XX-C02-G1")


def number(serial: int) -> str:
    """Return a resident number with a right check digit that nobody of the sample has."""
    first17 = f"21060319700101{serial:03d}"
    return first17 + check_digit(first17)


def resident(serial: int = 1, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": f"TRY-R{serial}",
        "ver": 1,
        "name": "试行人",
        "id_number": number(serial),
        "phone": f"1999998{serial:04d}",
        "household_sid": "TRY-H1",
        "relation": "head",
    }
    return record | changes


def household(serial: int = 1, **changes: object) -> dict[str, object]:
    return {
        "sid": f"TRY-H{serial}",
        "ver": 1,
        "address_sid": "TRY-A1",
        "tenure": "owner",
    } | changes


def address(serial: int = 1, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": f"TRY-A{serial}",
        "ver": 1,
        "text": "试行路1号",
        "grid_code": GRIDS[0],
        "lng": "124.35",
        "lat": "40.05",
        "crs": "wgs84",
    }
    return record | changes


def staff(serial: int = 1, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": f"TRY-S{serial}",
        "ver": 1,
        "name": "试行员",
        "phone": f"1999997{serial:04d}",
        "role": "grid_worker",
        "area_code": "DDHT-XQ-LT-C03",
        "department_code": "",
        "valid_from": "2024-01-01",
        "valid_to": "",
    }
    return record | changes


def area(code: str, parent: str | None, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": code,
        "ver": 1,
        "code": code,
        "name": "试行区",
        "name_en": "",
        "level": "grid",
        "parent_code": parent or "",
        "valid_from": "2024-01-01",
        "valid_to": "",
    }
    return record | changes


def matter(code: str, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": code,
        "ver": 1,
        "code": code,
        "name": "试行",
        "kind": "help",
        "department_code": "SVC",
        "handled_by": "grid",
        "limit_count": 3,
        "limit_unit": "working_days",
        "legal_basis": "试行",
        "level_required": "1",
        "valid_from": "2024-01-01",
    }
    return record | changes


def point(code: str, **changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "sid": code,
        "ver": 1,
        "code": code,
        "name": "试行点",
        "area_code": GRIDS[0],
        "address": "试行路1号",
        "lng": "124.35",
        "lat": "40.05",
        "crs": "wgs84",
        "phone": "试行",
        "opens": "{}",
        "valid_from": "2024-01-01",
    }
    return record | changes
