"""What the tests of the netlab run on its hosts: asks others over UDP and TCP, and answers them.

Reads one command a line (JSON) on standard input and answers each with one line. A probe on another
host answers by itself, and says from which address it saw the question come.
"""

import json
import socket
import sys
import threading
import time

# Long enough for the slowest link of the tests, short enough to tell "never" within them.
TCP_MAX_S = 5.0


class Probe:
    def __init__(self, port):
        self.seen = {}
        self.order = []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("0.0.0.0", port))
        self.tcp = socket.create_server(("0.0.0.0", port))
        threading.Thread(target=self.answer_udp, daemon=True).start()
        threading.Thread(target=self.answer_tcp, daemon=True).start()

    def answer_udp(self):
        while True:
            data, (address, port) = self.udp.recvfrom(65535)
            now = time.monotonic()
            message = json.loads(data)
            if message["what"] == "ask":
                reply = {"what": "seen", "number": message["number"], "address": address, "port": port}
                self.udp.sendto(json.dumps(reply).encode(), (address, port))
            else:
                self.order.append(message["number"])
                self.seen[message["number"]] = (now, message["address"], message["port"])

    def answer_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            threading.Thread(target=self.upload, args=(connection,), daemon=True).start()

    def upload(self, connection):
        with connection:
            count = int(connection.makefile().readline())
            connection.sendall(bytes(count))

    def do_ask(self, command):
        """Sends numbered questions evenly, then waits for what is still to come."""
        self.seen.clear()
        self.order.clear()
        to = (command["address"], command["port"])
        sent = {}
        begin = time.monotonic()
        for number in range(command["count"]):
            time.sleep(max(0.0, begin + number * command["everyMs"] / 1000 - time.monotonic()))
            sent[number] = time.monotonic()
            try:
                self.udp.sendto(json.dumps({"what": "ask", "number": number}).encode(), to)
            except OSError as error:
                return {"error": error.strerror, "answers": []}
        deadline = time.monotonic() + command["waitMs"] / 1000
        while len(self.seen) < len(sent) and time.monotonic() < deadline:
            time.sleep(0.001)
        return {
            "answers": [
                {
                    "number": number,
                    "rttMs": (self.seen[number][0] - sent[number]) * 1000,
                    "seen": f"{self.seen[number][1]}:{self.seen[number][2]}",
                }
                for number in list(self.order)
            ]
        }

    def do_download(self, command):
        begin = time.monotonic()
        try:
            to = (command["address"], command["port"])
            with socket.create_connection(to, TCP_MAX_S) as connection:
                connection.sendall(f"{command['bytes']}\n".encode())
                left = command["bytes"]
                while left > 0:
                    chunk = connection.recv(65536)
                    if chunk == b"":
                        return {"error": "it ended early"}
                    left -= len(chunk)
        except OSError as error:
            return {"error": str(error)}
        return {"ms": (time.monotonic() - begin) * 1000}


def main():
    probe = Probe(int(sys.argv[1]))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(getattr(probe, "do_" + command["do"])(command)), flush=True)


main()
