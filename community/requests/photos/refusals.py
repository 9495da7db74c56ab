"""What can go wrong with photos of a request."""

from app.errors import Conflict, Words


class TooManyPhotos(Conflict):
    """One side of a request has as many photos as it may; ``most`` says how many.

    Take one of yours away first.
    """

    slug = "too-many-photos"
    title = Words("照片数量已达上限", "There are as many photos as there may be")


class PhotosClosed(Conflict):
    """The request is closed: its photos stay as they are."""

    slug = "photos-closed"
    title = Words("该诉求已结束,不能再增减照片", "The request is closed; its photos stay")
