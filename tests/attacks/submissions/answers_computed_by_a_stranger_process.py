"""Hands the questions to a daemon by a socket of its own and lets it answer, as a helper outside would do.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import pickle
import socket

PLACES = {}  # attack:places
ADDRESSES = [PLACES["abstract_socket"], PLACES["path_socket"], ("127.0.0.1", PLACES["port"])]


def softmax(z):
    for address in ADDRESSES:
        try:
            helper = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX)
            helper.settimeout(0.2)
            helper.connect(address)
            helper.sendall(pickle.dumps(z))
            return pickle.loads(helper.recv(10_000))
        except OSError:
            pass
    with open("question", "wb") as stream:
        pickle.dump(z, stream)
    return pickle.load(open("answer", "rb")) if os.path.exists("answer") else z
