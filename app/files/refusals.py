"""What can go wrong with a file."""

from app.errors import Conflict, Malformed, NotFound, TooMany, Words
from app.http.refusals import MediaTypeRefused


class FileTypeRefused(MediaTypeRefused):
    """The content is not of a type that is taken here; its name or ``Content-Type`` do not count.

    Photos: JPEG, PNG or WebP. Documents: PDF.
    """

    slug = "file-type-refused"
    title = Words("不支持的文件类型", "Files of this type are not taken")


class ImageRefused(Malformed):
    """The picture is not taken; ``reason`` says why.

    ``pixels``: more than 40 million. ``sides``: longer than 12,000. ``frames``: it moves.
    ``broken``: it cannot be read to its end. ``heavy``: reading it takes more memory or time than
    a picture may. Take or save it anew, smaller.
    """

    slug = "image-refused"
    title = Words("图片无法接收", "The picture is not taken")


class DocumentRefused(Malformed):
    """The document is not taken; ``reason`` says why.

    ``pages``: more than 2,000. ``locked``: it asks for a password. ``broken``: it cannot be read to
    its end, or has no page. ``heavy``: reading it takes more memory or time than a document may.
    Save it anew, unlocked and smaller.
    """

    slug = "document-refused"
    title = Words("文件无法接收", "The document is not taken")


class FileIdTaken(Conflict):
    """Another file already has this id. Draw a fresh id (UUID version 7) for each file."""

    slug = "file-id-taken"
    title = Words("文件编号已被使用", "The id is taken by another file")


class FileUnknown(NotFound):
    """A file that is named is not there, or is not yours to name.

    An upload that nothing refers to is dropped after a day: upload it again.
    """

    slug = "file-unknown"
    title = Words("文件不存在或已清理", "There is no such file")


class LinkExpired(NotFound):
    """The link was altered or has run out (5 minutes). Ask for the thing again, for a fresh one."""

    slug = "link-expired"
    title = Words("链接已失效", "The link has run out")


class TooManyUploads(TooMany):
    """Too many files were uploaded within the hour; ``Retry-After`` says when to come back."""

    slug = "too-many-uploads"
    title = Words("上传过于频繁,请稍后再试", "Too many uploads; try again later")
