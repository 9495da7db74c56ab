"""Is the web ready to serve?"""

import http.client

PATIENCE = 2.0


def is_ready(host: str, port: int) -> bool:
    """Tell whether /readyz answers 200."""
    line = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
