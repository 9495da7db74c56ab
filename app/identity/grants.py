"""What somebody holds today, as SQL: of their own by the register, added for a time, and lent.

The rule stands in the server, as ``linli_held``: the program and the second wall ask the same.
"""

TODAY = "{0}.valid_from <= %(today)s AND ({0}.valid_to IS NULL OR {0}.valid_to > %(today)s)"


def held_by(who: str) -> str:
    """Return SQL for (role, area_code, department_code, covering) that an account holds.

    ``who``: SQL for the account. ``covering`` is whom they hold it for, NULL for what is their
    own. The day is the parameter ``today``.
    """
    return f"SELECT * FROM linli_held({who}, %(today)s)"  # noqa: S608  constants of ours


def grants_of(who: str) -> str:
    """Return SQL for all that as one array of such texts, NULL for whoever holds nothing.

    It costs those who are not of the staff no more than to find that out.
    """
    return f"""
    CASE WHEN (SELECT true FROM staff_grant o
                WHERE o.account_id = {who} AND {TODAY.format("o")} LIMIT 1)
    THEN linli_grants({who}, %(today)s) END
    """  # noqa: S608
