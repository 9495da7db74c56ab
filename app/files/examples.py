"""Files as the documentation shows them."""

ID = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6d0"
LINK = f"/api/v1/files/{ID}/full?until=1780000000&mark=0123456789abcdef0123456789abcdef"

PHOTO = {
    "id": ID,
    "kind": "image",
    "media_type": "image/jpeg",
    "bytes": 812345,
    "width": 3000,
    "height": 4000,
    "links": {"full": LINK, "thumbnail": LINK.replace("/full", "/thumbnail")},
}
