"""What a Jupyter server reads that `gdlesson` or a hub starts."""

import os
import subprocess
import sys

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config.loader import PyFileConfigLoader

from gdlesson.starting import CONFIGURATION


def test_messages_of_kernels_are_sent_at_once(monkeypatch):
    loader = PyFileConfigLoader("jupyter_server_config.py", path=str(CONFIGURATION))
    prompt = loader.load_config().ServerApp.kernel_websocket_connection_class
    assert issubclass(prompt, ZMQChannelsWebsocketConnection)
    calls = []
    monkeypatch.setattr(
        ZMQChannelsWebsocketConnection, "connect", lambda self: calls.append("connect")
    )
    handler = KernelWebsocketHandler.__new__(KernelWebsocketHandler)
    handler.set_nodelay = lambda on: calls.append(("nodelay", on))
    connection = prompt.__new__(prompt)
    connection.set_trait("websocket_handler", handler)
    connection.connect()
    assert calls == [("nodelay", True), "connect"]


def test_a_server_reads_it_where_the_environment_names_the_folder():
    show = [sys.executable, "-m", "jupyter_server", "--show-config"]
    environment = os.environ | {"JUPYTER_CONFIG_PATH": str(CONFIGURATION)}
    done = subprocess.run(show, env=environment, capture_output=True, text=True, check=True)
    assert "PromptConnection" in done.stdout
    assert str(CONFIGURATION / "jupyter_server_config.py") in done.stdout
