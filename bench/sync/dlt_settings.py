"""What dlt is told through its environment, and where it writes."""

DATASET = "peer"

SETTINGS = {
    # Two files of a million rows, so that both of two cores load. The first load gained some by
    # it; the second, files of another size or compression, nothing that the noise would not hide.
    "DATA_WRITER__FILE_MAX_ITEMS": "500000",
    # it warns at every block that all text is text; what fails raises all the same
    "RUNTIME__LOG_LEVEL": "ERROR",
    # nothing is told to anybody
    "RUNTIME__DLTHUB_TELEMETRY": "false",
}
