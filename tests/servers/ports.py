"""Free ports on the loopback address for servers that must be told theirs."""
import random
import socket

# Below those that the kernel gives to clients: a port stays free while its server is restarted.
RANGE = range(10000, 32000)


def free(number):
    """Different ports that nobody listens on just now. Another test may be faster: be ready to ask again."""
    found = []
    while len(found) < number:
        port = random.choice(RANGE)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found
