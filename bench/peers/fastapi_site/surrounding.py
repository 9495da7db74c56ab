"""The name of each request, the headers, and the line in the log."""

import time
import uuid

from bench.peers import duties


class Surrounding:
    """Name each request, add the headers, write the line: plain ASGI, the quickest kind."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        began = time.perf_counter()
        given = dict(scope["headers"]).get(b"x-request-id")
        name = given.decode() if given else str(uuid.uuid4())
        state = scope.setdefault("state", {})
        state["name"] = name
        headers = [(b"x-request-id", name.encode())]
        headers += [(key.lower().encode(), value.encode()) for key, value in duties.HEADERS.items()]

        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
                account = state.get("account")
                status = message["status"]
                duties.log_line(began, scope["method"], scope["path"], status, account, name)
            await send(message)

        await self.inner(scope, receive, sending)
