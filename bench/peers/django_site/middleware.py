"""The name of each request, the headers, and the line in the log."""

import time
import uuid

from bench.peers import duties


def surrounding(answer):
    """Stand around every view."""

    def around(request):
        began = time.perf_counter()
        request.name = request.headers.get("X-Request-Id") or str(uuid.uuid4())
        response = answer(request)
        response["X-Request-Id"] = request.name
        for name, value in duties.HEADERS.items():
            response[name] = value
        account = getattr(request, "account", None)
        duties.log_line(
            began, request.method, request.path, response.status_code, account, request.name
        )
        return response

    return around
