"""The links of a netlab, and the end of it.

Reads one command a line (JSON) on standard input and answers each with one line on standard output.
A link is two TAP devices, each in a namespace; every frame read from one is written to the other,
once the link has lost, held or let it pass. The devices live as long as this process, and this
process as long as its standard input: when that ends, because the lab was closed or its owner was
killed, everything in the namespaces of the run is killed and the namespaces are removed.
"""

import ctypes
import fcntl
import gc
import heapq
import json
import os
import random
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import time

NAMESPACES = "/run/netns"
RUN = re.compile(r"^peerline-(\d+)-(\d+)-[0-9a-f]+(?:-|$)")
TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
CLONE_NEWNET = 0x40000000
FRAME_MAX = 65535
# So many frames of one device, then the next one's turn: a flood must not hold up the others.
FRAMES_AT_ONCE = 64
# Killed processes are gone within milliseconds; one in uninterruptible sleep may take longer.
KILL_WAIT_S = 5.0

libc = ctypes.CDLL(None, use_errno=True)


class Direction:
    """One way over a link."""

    def __init__(self, target, seed):
        self.target = target
        self.random = random.Random(seed)
        self.delay = self.jitter = self.loss = self.reorder = self.reorder_by = 0.0
        self.rate = None
        self.queue = 0.0
        self.cut = False
        self.free_at = 0.0
        self.last_due = 0.0
        self.passed = self.lost = self.refused = self.octets = 0

    def shape(self, told):
        self.delay = told["delayMs"] / 1000
        self.jitter = told["jitterMs"] / 1000
        self.loss = told["loss"]
        self.reorder = told["reorder"]
        self.reorder_by = told["reorderByMs"] / 1000
        self.rate = None if told["rateKbps"] is None else told["rateKbps"] * 125
        self.queue = told["queueMs"] / 1000
        self.cut = told["cut"]
        # Frames of the old shape are not what the new one is to wait for.
        self.free_at = self.last_due = 0.0

    def due(self, length, now):
        """When a frame that came now is to go, or None where it never does."""
        # Three numbers a frame whatever the shape, so that one seed loses the same frames in all.
        lost, wavered, overtaken = self.random.random(), self.random.random(), self.random.random()
        if self.cut or lost < self.loss:
            self.lost += 1
            return None
        sent = now
        if self.rate is not None:
            start = max(now, self.free_at)
            if start - now > self.queue:
                self.refused += 1
                return None
            sent = self.free_at = start + length / self.rate
        self.passed += 1
        self.octets += length
        due = sent + max(0.0, self.delay + self.jitter * (2 * wavered - 1))
        if overtaken < self.reorder:
            return due + self.reorder_by
        # Jitter alone keeps the order, as a queue on the way does.
        self.last_due = max(due, self.last_due)
        return self.last_due

    def counts(self):
        return {
            "passed": self.passed,
            "lost": self.lost,
            "refused": self.refused,
            "bytes": self.octets,
        }


class Switch:
    def __init__(self, run, directory):
        self.run = run
        self.directory = directory
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.links = {}
        self.by_source = {}
        self.held = []
        self.count = 0

    def serve(self):
        pending = b""
        while True:
            self.release()
            wait = max(0.0, self.held[0][0] - time.monotonic()) if self.held else None
            ready, _, _ = select.select([0, *self.by_source], [], [], wait)
            for source in ready:
                if source != 0:
                    self.read_frames(source)
                    continue
                chunk = os.read(0, 65536)
                if chunk == b"":
                    return
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    answer(self.obey(json.loads(line)))

    def release(self):
        now = time.monotonic()
        while self.held and self.held[0][0] <= now:
            _, _, target, frame = heapq.heappop(self.held)
            try:
                os.write(target, frame)
            except OSError:
                # The device at the far end is down: a real one would not hear the frame either.
                pass

    def read_frames(self, source):
        direction = self.by_source[source]
        for _ in range(FRAMES_AT_ONCE):
            try:
                frame = os.read(source, FRAME_MAX)
            except OSError:
                return
            due = direction.due(len(frame), time.monotonic())
            if due is not None:
                self.count += 1
                heapq.heappush(self.held, (due, self.count, direction.target, frame))

    def obey(self, command):
        try:
            result = getattr(self, "do_" + command["do"])(command)
            return {"id": command["id"], "result": result}
        except OSError as error:
            return {"id": command["id"], "error": f"{command['do']}: {error}"}

    def do_link(self, command):
        up, down = self.open_tap(command["lower"]), self.open_tap(command["upper"])
        name, seed = command["link"], command["seed"]
        link = {
            "up": Direction(down, f"{seed} {name} up"),
            "down": Direction(up, f"{seed} {name} down"),
        }
        self.links[name] = link
        self.by_source[up], self.by_source[down] = link["up"], link["down"]

    def do_shape(self, command):
        for way in command["ways"]:
            self.links[command["link"]][way].shape(command["shape"])

    def do_counts(self, command):
        return {way: direction.counts() for way, direction in self.links[command["link"]].items()}

    def open_tap(self, end):
        # The device belongs to the namespace in which the file was opened: it is never outside.
        with open(f"{NAMESPACES}/{end['namespace']}", "rb") as namespace:
            enter(namespace.fileno())
        try:
            tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        finally:
            enter(self.home)
        request = struct.pack("16sH22x", end["device"].encode(), IFF_TAP | IFF_NO_PI)
        fcntl.ioctl(tap, TUNSETIFF, request)
        return tap

    def close(self):
        for tap in self.by_source:
            os.close(tap)
        remove_run(self.run, self.directory)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def answer(message):
    try:
        os.write(1, json.dumps(message).encode() + b"\n")
    except OSError:
        # Nobody is there to read it; standard input ends next.
        pass


def namespaces_of(run):
    try:
        return [name for name in os.listdir(NAMESPACES) if name.startswith(run + "-")]
    except FileNotFoundError:
        return []


def processes_in(namespaces):
    inodes = set()
    for name in namespaces:
        try:
            inodes.add(os.stat(f"{NAMESPACES}/{name}").st_ino)
        except OSError:
            pass
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                state = stat.read().rpartition(")")[2].split()[0]
            # A zombie waits for its parent alone.
            if state != "Z" and os.stat(f"/proc/{entry}/ns/net").st_ino in inodes:
                yield int(entry)
        except OSError:
            pass


def remove_run(run, directory):
    namespaces = namespaces_of(run)
    deadline = time.monotonic() + KILL_WAIT_S
    while namespaces and time.monotonic() < deadline:
        processes = list(processes_in(namespaces))
        if not processes:
            break
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
    for name in namespaces:
        subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(directory, ignore_errors=True)


def is_alive(process, started):
    """Whether that very process lives: numbers are given again, starting times are not."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
            state, *fields = stat.read().rpartition(")")[2].split()
        return state != "Z" and fields[18] == started
    except OSError:
        return False


def sweep(parent):
    """Removes what runs left whose owner and switch were both killed."""
    left = set()
    for folder in (NAMESPACES, parent):
        try:
            names = os.listdir(folder)
        except FileNotFoundError:
            continue
        for name in names:
            match = RUN.match(name)
            if match is not None and not is_alive(match[1], match[2]):
                left.add("-".join(name.split("-")[:4]))
    for run in left:
        remove_run(run, os.path.join(parent, run))
    return sorted(left)


def main():
    _, run, directory = sys.argv
    # Whoever ends the tests ends this by its standard input; there is cleaning to be done first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except OSError:
        # Frames may then go late while browsers keep all cores busy.
        pass
    swept = sweep(os.path.dirname(directory))
    switch = Switch(run, directory)
    gc.freeze()
    try:
        answer({"id": 0, "result": swept})
        switch.serve()
    finally:
        switch.close()


main()
