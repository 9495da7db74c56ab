"""Files: photos and documents, kept by content, cleaned before they are kept, told by links."""
