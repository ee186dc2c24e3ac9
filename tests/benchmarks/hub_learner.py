"""A learner on a JupyterHub: logs in, runs a lesson in a kernel, and moves a slider.

It sends what JupyterLab sends: the form of the login page, messages of kernels over one websocket,
moves in a subshell of the kernel, and, as ipywidgets does, a newer move only when the kernel has
finished the one before.
"""

import asyncio
import http.cookiejar
import json
import time
import urllib.parse
import urllib.request
import uuid

from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
SKIP = "Explore without predicting"
WIDTH = 760  # pixels for a picture in JupyterLab's window


def pack(part):
    return json.dumps(part).encode()


class Learner:
    """One account: `log_in`, then `open` a lesson, then `drag` its slider.

    pictures: (move, seconds from the move to the picture). moves: how many were made. overtaken:
    how many were not sent, because a newer one came while the kernel was busy.
    """

    def __init__(self, hub, name):
        self.hub, self.name, self.base = hub, name, f"{hub}/user/{name}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.session, self.subshell, self.waiting = uuid.uuid4().hex, None, {}
        self.widgets = {}
        self.busy_with, self.next = None, None
        self.forget()

    def forget(self):
        """Count moves and pictures from the beginning."""
        self.moves, self.overtaken, self.pictures, self.shown = 0, 0, [], -1

    def cookie(self, name, path):
        found = [c.value for c in self.cookies if (c.name, c.path) == (name, path)]
        return found[0] if found else ""

    def log_in(self, patience=300):
        """Log in and wait for the server; returns how many seconds it took."""
        start = time.perf_counter()
        self.opener.open(f"{self.hub}/hub/login", timeout=300)
        form = {"username": self.name, "password": "any", "_xsrf": self.cookie("_xsrf", "/hub/")}
        data = urllib.parse.urlencode(form).encode()
        page = self.opener.open(f"{self.hub}/hub/login?next=", data, timeout=300).geturl()
        if "/spawn-pending/" in page:
            self._wait_for_server(patience)
        self.opener.open(f"{self.base}/", timeout=300)
        return time.perf_counter() - start

    def _wait_for_server(self, patience):
        """Listen to how the start goes on, as the hub's page does."""
        token = {"X-XSRFToken": self.cookie("_xsrf", "/hub/")}
        progress = f"{self.hub}/hub/api/users/{self.name}/server/progress"
        request = urllib.request.Request(progress, headers=token)
        with self.opener.open(request, timeout=patience) as events:
            for line in events:
                event = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if event.get("ready"):
                    return
                if event.get("failed"):
                    break
        raise RuntimeError(f"the server of {self.name} did not start: {event}")

    def ask(self, path, data=None, method=None, base=None):
        """The answer of the learner's server, or of `base`, as read from JSON if it is JSON."""
        base = self.base if base is None else base
        place = base.removeprefix(self.hub) + "/"
        headers = {"X-XSRFToken": self.cookie("_xsrf", place), "Content-Type": "application/json"}
        body = None if data is None else pack(data)
        request = urllib.request.Request(f"{base}/{path}", body, headers, method=method)
        with self.opener.open(request, timeout=120) as answer:
            text = answer.read()
        return json.loads(text) if text.startswith((b"{", b"[")) else text.decode()

    def stop(self):
        """Stop the learner's server, as the hub's page does."""
        self.ask(f"api/users/{self.name}/server", method="DELETE", base=f"{self.hub}/hub")

    async def open(self, lesson):
        """Run all cells of a lesson in a new kernel, and find the first slider with a picture."""
        notebook = await asyncio.to_thread(self.ask, f"api/contents/{lesson}?content=1")
        what = {"path": lesson, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        kernel = (await asyncio.to_thread(self.ask, "api/sessions", what))["kernel"]["id"]
        where = f"{self.base}/api/kernels/{kernel}/channels?session_id={self.session}"
        sent = "; ".join(f"{c.name}={c.value}" for c in self.cookies)
        request = HTTPRequest(where.replace("http", "ws", 1), headers={"Cookie": sent})
        self.socket = await websocket_connect(
            request, subprotocols=[PROTOCOL], max_message_size=2**27
        )
        self.listening = asyncio.create_task(self._listen())
        answer = await self._request("kernel_info_request", {})
        if "kernel subshells" in answer.get("supported_features", []):
            made = await self._request("create_subshell_request", {}, "control")
            self.subshell = made["subshell_id"]
        for cell in notebook["content"]["cells"]:
            if cell["cell_type"] == "code":
                code = {"code": cell["source"], "silent": False, "store_history": True}
                answer = await self._request("execute_request", code | {"stop_on_error": False})
                if answer["status"] != "ok":
                    raise RuntimeError(f"{lesson}: {answer['ename']}: {answer['evalue']}")
        await self._find_slider()

    async def _find_slider(self):
        states = self.widgets
        for each, state in list(states.items()):
            if state.get("description") == SKIP:
                await self._tell(each, {"method": "custom", "content": {"event": "click"}})
            if state.get("_anywidget_id", "").endswith("LiveFigure"):
                await self._tell(each, {"method": "update", "state": {"available_width": WIDTH}})
        main = [each for each in states if "gdl-main" in states[each].get("_dom_classes", [])]
        if not main:
            raise RuntimeError(f"{self.name} has no picture with a slider")
        self.slider, state = main[0], states[main[0]]
        if "_options_labels" in state:  # it moves from one option to the next
            self.trait, self.low, self.step = "index", 0, 1
            self.high = len(state["_options_labels"]) - 1
        else:
            self.trait, self.low, self.step = "value", state["min"], state["step"]
            self.high = state["max"]
        self.places = max(1, min(100, round((self.high - self.low) / self.step)))
        self.powers_of = state.get("base")

    def place(self, move):
        """The slider's value after so many moves, along the slider and again from its beginning.

        To and fro, two moves around an overtaken one could be the same, and nothing would change.
        """
        at = round(min(self.low + self.step * (move % (self.places + 1)), self.high), 10)
        return self.powers_of**at if self.powers_of else at

    async def drag(self, per_second, seconds):
        """Move the slider so many times a second, then wait until the last move is answered."""
        start = time.perf_counter()
        while (at := self.moves / per_second) < seconds:
            await asyncio.sleep(max(0, start + at - time.perf_counter()))
            move = (self.moves, time.perf_counter())
            self.moves += 1
            if self.busy_with is None:
                self._send_move(move)
            else:
                self.overtaken += self.next is not None
                self.next = move
        for _ in range(100):
            if self.busy_with is None:
                return
            await asyncio.sleep(0.1)

    def _send_move(self, move):
        content = {"method": "update", "state": {self.trait: self.place(move[0])}}
        self.busy_with = (self._send_comm(self.slider, content), *move)

    def _on_move(self, kind, content, buffers):
        """What the kernel sends while it handles a move: a picture, and that it has finished."""
        _, move, made = self.busy_with
        if kind == "comm_msg" and buffers and b'"_points"' in content:
            self.pictures.append((move, time.perf_counter() - made))
            self.shown = move
        elif kind == "status" and b'"idle"' in content:
            self.busy_with, waiting, self.next = None, self.next, None
            if waiting is not None:
                self._send_move(waiting)

    async def _listen(self):
        while (message := await self.socket.read_message()) is not None:
            channel, (header, parent, _, content, *buffers) = deserialize_msg_from_ws_v1(message)
            kind, parent = json.loads(header)["msg_type"], json.loads(parent).get("msg_id")
            if channel == "iopub":
                if self.busy_with and parent == self.busy_with[0]:
                    self._on_move(kind, content, buffers)
                elif kind in ("comm_open", "comm_msg"):
                    opened = json.loads(content)
                    state = self.widgets.setdefault(opened["comm_id"], {})
                    state.update(opened["data"].get("state", {}))
                elif kind == "status" and b'"idle"' in content and parent in self.waiting:
                    self._done(parent, None)
            elif parent in self.waiting:
                self._done(parent, json.loads(content))

    def _done(self, parent, answer):
        """A request is done when it is answered and the kernel is idle again."""
        future, parts = self.waiting[parent]
        parts.append(answer)
        if len(parts) == 2:
            del self.waiting[parent]
            future.set_result(next((part for part in parts if part is not None), None))

    def _send(self, kind, content, channel="shell", subshell=None):
        number = uuid.uuid4().hex
        header = {"msg_id": number, "session": self.session, "username": self.name}
        header |= {"msg_type": kind, "version": "5.4", "date": "2026-01-01T00:00:00Z"}
        if subshell:
            header["subshell_id"] = subshell
        parts = [header, {}, {}, content]
        self.socket.write_message(
            serialize_msg_to_ws_v1([pack(part) for part in parts], channel), binary=True
        )
        return number

    async def _request(self, kind, content, channel="shell"):
        future, parts = asyncio.get_running_loop().create_future(), []
        self.waiting[self._send(kind, content, channel)] = (future, parts)
        return await asyncio.wait_for(future, 300)

    def _send_comm(self, widget, data):
        content = {"comm_id": widget, "data": data | {"buffer_paths": []}}
        return self._send("comm_msg", content, subshell=self.subshell)

    async def _tell(self, widget, data):
        """Send to a widget, and wait until the kernel has handled it."""
        future = asyncio.get_running_loop().create_future()
        self.waiting[self._send_comm(widget, data)] = (future, [None])
        await asyncio.wait_for(future, 60)
