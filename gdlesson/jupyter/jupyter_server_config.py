"""Read by a Jupyter server that `gdlesson` or a hub starts: kernels' messages are sent at once."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel's websocket without Nagle's algorithm.

    A move of a slider is answered by several small messages. By default TCP holds a small message
    back until the one before it is acknowledged, which the receiver may delay by 40 milliseconds:
    without this class, many pictures come that much later.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821, a name that is given to this file
c.ServerApp.kernel_websocket_connection_class = PromptConnection
