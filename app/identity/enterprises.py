"""Who acts for an enterprise today: its legal representative, and whom it names as its contact.

The representative is found in the population register by the number, as everybody is; a contact is
the account of a phone, as members of staff are. Nobody else acts for one.
"""

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
STANDS = f"""
(e.status = 'active' AND e.valid_from <= {TODAY} AND (e.valid_to IS NULL OR e.valid_to > {TODAY}))
"""
"""SQL over ``e`` (enterprise): it does business today."""

ACTING = f"""
SELECT e.contact_account_id AS account_id, e.area_code FROM enterprise e
WHERE e.contact_account_id IS NOT NULL AND {STANDS}
UNION ALL
SELECT ac.id, e.area_code FROM enterprise e
JOIN resident r ON r.id_number_index = e.representative_index
JOIN account ac ON ac.resident_id = r.id WHERE {STANDS}
"""  # noqa: S608  constants of ours
"""SQL for everybody who acts for one, and the area it is in."""
