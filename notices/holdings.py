"""What is held of a person here: that they have read a notice."""

from app.database import read
from app.errors import Words
from app.privacy import Holding, Subject
from app.privacy.holdings import Record

READ = """
SELECT c.seq, c.read_at, n.title FROM notice_receipt c
LEFT JOIN notice n ON n.publish_seq = c.seq
WHERE c.account_id = %(account)s ORDER BY c.seq LIMIT 5000
"""


def _read(subject: Subject) -> list[Record]:
    return [row._asdict() for row in read(READ, {"account": subject.account_id})]


HOLDINGS = (
    Holding("notices-read", Words("读过的通知", "Notices read"), ("notice_receipt",), _read),
)
