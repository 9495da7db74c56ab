"""Made-up records of everything that needs something else, each right unless a test changes it."""

from collections.abc import Mapping

from app.identity.numbers import check_digit

SOURCE = "crash"
SINCE = "2024-01-01"
STAFF_PHONES = [f"1999995{n:04d}" for n in range(10)]

Row = Mapping[str, str | None]


def _row(kind: str, n: int, fields: Mapping[str, str], changes: Mapping[str, object]) -> Row:
    told = {key: str(value) for key, value in changes.items()}
    return {"sid": f"CRASH-{kind}{n}", "ver": "1", **fields, **told}


def resident(n: int, **changes: object) -> Row:
    first17 = f"21060319800101{n:03d}"
    fields = {
        "name": "试行人",
        "id_number": first17 + check_digit(first17),
        "phone": f"1999996{n:04d}",
        "household_sid": f"CRASH-H{n % 12 + 1}",
        "relation": "head",
    }
    return _row("R", n, fields, changes)


def household(n: int, **changes: object) -> Row:
    return _row("H", n, {"address_sid": f"CRASH-A{n}", "tenure": "owner"}, changes)


def address(n: int, **changes: object) -> Row:
    fields = {"text": f"试行路{n}号", "grid_code": f"CRASH-G{n % 2 + 1}", "lng": "124.35"}
    return _row("A", n, fields | {"lat": "40.05", "crs": "wgs84"}, changes)


def area(n: int, **changes: object) -> Row:
    code = f"CRASH-G{n}"
    fields = {"code": code, "name": "试行区", "level": "grid", "valid_from": SINCE}
    return _row("G", n, fields, changes)


def department(n: int, **changes: object) -> Row:
    fields = {"code": f"CRASH-D{n}", "name": "试行局", "valid_from": SINCE}
    return _row("D", n, fields | {"credit_code": "11210600MB0HT0012X"}, changes)


def staff(n: int, **changes: object) -> Row:
    fields = {
        "name": "试行员",
        "phone": STAFF_PHONES[n],
        "role": "grid_worker",
        "area_code": f"CRASH-G{n}",
        "department_code": f"CRASH-D{(n + 1) % 2 + 1}",
        "valid_from": SINCE,
    }
    return _row("S", n, fields, changes)
