#!/usr/bin/env python3
"""Sends a server what no client should send, and kills a server that takes events.

    Scripts/survival/abuse.py [--short | --long] [--requests N] [--seed N] [--annals PATH]

The first part sends N requests to `annals serve`, from several processes: broken lines and headers, lies
about lengths, smuggled requests, huge bodies, foreign hosts, hostile parameters, writes that no token
allows, floods that nobody reads. Several hundred connections stand open all the while, and some of them
send one byte a second. What must hold:

  statuses    no answer with 5xx but 503; one answer for each request that is well formed, in its order; a
              refusal is a problem document, on a page a page
  writes      what has no token with the scope to append is refused, and the head stays where it was
  politeness  a client that asks two questions four times a second has the same bytes as before, within a
              second (--short: within 5 seconds, because other tests may run on the machine)
  memory      never more than 400 MB, and no more at the end than in the middle, but for 64 MB
  streams     of a stream that its client broke off nothing is left
  the log     each line of it is one JSON object, whatever the request had in its path
  manners     a client that offers HTTP/2, speaks HTTP/1.0 or wants to close is not left waiting
  the end     verify finds nothing; SIGTERM ends the server within 5 seconds, whatever connections do

Each answer that should not have come is in the file faults.txt, with its request.

In the second part four clients append over HTTP until the server is killed with SIGKILL. After each restart
every event that it acknowledged must be there.

--short sends 4,000 requests and kills 3 times, --long 1,000,000 and 25 times. Exit code 1 on any anomaly.
Needs Python 3 only.
"""

import atexit
import collections
import contextlib
import http.client
import json
import multiprocessing
import pathlib
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import program  # noqa: E402
from hostility import EDITOR, ENDINGS, KINDS, READER, REFUSED, STANCE, Hostile, request  # noqa: E402

# Seconds in which nothing comes; the server itself gives an answer up after 30.
PATIENCE = 60


def connect(port):
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def exchange(port, data):
    """What comes back until the server closes. Reads while it sends, because a server may wait for a reader;
    ends its side after the last byte, so that no answer need be understood to know which is the last."""
    with connect(port) as line:
        line.setblocking(False)
        rest, parts, poll, end = memoryview(data), [], select.poll(), time.monotonic() + 3 * PATIENCE
        poll.register(line, select.POLLIN | select.POLLOUT)
        while True:
            events = poll.poll(PATIENCE * 1000)
            if not events or time.monotonic() > end:
                raise TimeoutError(f"no answer, or no end of it, after {b''.join(parts)[-80:]}")
            is_sending = events[0][1] & select.POLLOUT
            try:
                if is_sending:
                    rest = rest[line.send(rest[:1 << 16]):]
                else:
                    parts.append(line.recv(1 << 18))
            except OSError:
                if not is_sending:
                    return b"".join(parts)
                rest = rest[:0]  # the server reads no more, and may still send answers
            if is_sending and not rest:
                poll.modify(line, select.POLLIN)
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_WR)
            if parts and not parts[-1]:
                return b"".join(parts)


def answers(data, requests):
    """The complete answers: status, head in lower case, body. A status of 0 is no answer."""
    place = number = 0
    while place < len(data):
        end = data.find(b"\r\n\r\n", place)
        if not data.startswith(b"HTTP/1.1 ", place):
            yield 0, b"", data[place:]
            return
        if end < 0:
            return
        head, place = data[place:end].lower(), end + 4
        status, start = int(head[9:12]), place
        if status < 200:
            continue
        if requests[number:number + 1] and requests[number].startswith(b"HEAD ") or status in (204, 304):
            pass
        elif b"\r\ntransfer-encoding: chunked" in head:
            size = -1
            while size != 0:
                end = data.find(b"\r\n", place)
                if end < 0:
                    return
                size = int(data[place:end], 16)
                place = end + 4 + size
        else:
            place += int(head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0] or 0)
        if place > len(data):
            return
        number += 1
        yield status, head, data[start:place]


class Worker:
    """A process of its own that sends its part of the plan."""

    def __init__(self, port, routes, seed, jobs, progress, results):
        self.port, self.jobs, self.progress, self.results = port, jobs, progress, results
        self.hostile = Hostile(seed, routes)
        self.kinds, self.statuses, self.faults = collections.Counter(), collections.Counter(), []

    def run(self):
        for kind, count, ending in self.jobs:
            drawn = [getattr(self.hostile, kind)() for _ in range(count)]
            requests = sum(drawn, []) if kind == "poison" else drawn
            self.kinds[kind] += len(requests)
            try:
                if kind in ("floods", "streams"):
                    self.break_off(kind, requests)
                else:
                    self.hold(kind, requests, ending)
            except OSError as error:
                self.faults.append((kind, type(error).__name__, f"{error}", self.shown(requests[-1])))
            with self.progress.get_lock():
                self.progress.value += count
        self.results.put((self.kinds, self.statuses, self.faults))

    @staticmethod
    def shown(data):
        return repr(data if len(data) <= 600 else data[:400] + b" ... " + data[-100:])

    def break_off(self, kind, requests):
        """Asks much, reads nothing, and is gone."""
        parts = requests if kind == "streams" else [b"".join(requests)]
        lines = [connect(self.port) for _ in parts]
        for line, part in zip(lines, parts):
            line.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                line.send(part)
        time.sleep(self.hostile.pick([0, 0, 0.01, 0.3]))
        for line in lines:
            # A reset tells the server that the client is gone.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()

    def hold(self, kind, requests, ending):
        """Sends requests that are well formed and one that is not, and judges each answer."""
        last = [getattr(self.hostile, ending)()] if ending else []
        self.kinds.update([ending] * len(last))
        found = list(answers(exchange(self.port, b"".join(requests + last)), requests))
        more = len(found) - len(requests)
        # Where the server cannot read on, it may also drop what it has not answered yet.
        if not ending and more != 0:
            self.fault(kind, "not one answer for each request", requests[min(more, -1)])
        if ending == "smuggling" and more > 1:
            self.fault(ending, "a smuggled request was answered", last[0])
        for number, (status, head, body) in enumerate(found):
            self.statuses[status] += 1
            if number >= len(requests):
                self.judge(ending, last[0] if last else b"", status, head, body)
                continue
            self.judge(kind, requests[number], status, head, body)
            if kind == "poison" and number % 2 and (200, body) == (status, found[number - 1][2]):
                self.fault(kind, "a question got the answer of another question", requests[number - 1])

    def judge(self, kind, sent, status, head, body):
        if status == 0:
            self.fault(kind, f"no answer of HTTP/1.1: {body[:60]}", sent)
        if status >= 500 and status != 503:
            self.fault(kind, f"status {status}", sent, body[-300:])
        if status < 400 and kind in REFUSED:
            self.fault(kind, f"not refused, but {status}", sent)
        if b"\r\nx-injected" in head:
            self.fault(kind, "a value of the request became a header", sent)
        if 400 <= status < 500 and body:
            is_program = sent.split(b" ", 2)[1:2] and sent.split(b" ", 2)[1].startswith(b"/api/")
            is_page = b"content-type: text/html" in head and not (is_program and kind not in ENDINGS)
            is_assistant = kind in ("assistants", "giants", *ENDINGS) and b'"jsonrpc"' in body
            if not (b"\r\ncontent-type: application/problem+json" in head or is_page or is_assistant):
                self.fault(kind, f"a refusal with {status} that is no problem document", sent, body[:100])

    def fault(self, kind, what, sent, more=b""):
        self.faults.append((kind, what, more.decode(errors="replace"), self.shown(sent)))


class Server:
    """`annals serve` on a store, and what it says."""

    def __init__(self, lab):
        self.lab, self.log = lab, lab.folder / "server.log"
        tokens = lab.folder / "tokens.txt"
        tokens.write_text(f"append {EDITOR} Edith Orr\nread {READER} Rita Read\n")
        tokens.chmod(0o600)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [lab.annals, "serve", "--port", "0", "--tokens", str(tokens)], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, env=lab.environment, cwd=lab.folder, text=True)
        # It must not stay where this test itself fails.
        atexit.register(self.process.kill)
        address = self.process.stdout.readline().strip()
        if not address:
            lab.anomaly(f"the server does not start: {self.log.read_text()[-500:]}")
            lab.finish()
        self.port = urllib.parse.urlsplit(address).port

    def ask(self, path, line=None):
        line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read()

    def memory(self, name):
        """Megabytes in memory: VmRSS for now, VmHWM for the most. 0 where the system does not tell."""
        try:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
            return int(text.split(f"{name}:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            return 0

    def end(self, when):
        start = time.monotonic()
        self.process.terminate()
        try:
            if self.process.wait(5) != 0:
                self.lab.anomaly(f"SIGTERM {when}: ended with {self.process.returncode}")
        except subprocess.TimeoutExpired:
            self.lab.anomaly(f"SIGTERM {when}: not ended after {time.monotonic() - start:.0f} s")
            self.process.kill()
            self.process.wait()


class Polite(threading.Thread):
    """A client that does no harm, and is to feel none."""

    def __init__(self, server, limit):
        super().__init__(daemon=True)
        self.server, self.limit, self.is_over = server, limit, threading.Event()
        self.expected = {path: server.ask(path) for path in ("/healthz", STANCE)}
        self.worst, self.asked, self.faults = 0, 0, []

    def run(self):
        kept = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        while not self.is_over.wait(0.25):
            # One of them comes anew each time, the other stays.
            for path, line in (("/healthz", None), (STANCE, kept)):
                start = time.monotonic()
                try:
                    found = self.server.ask(path, line)
                except (OSError, http.client.HTTPException) as error:
                    found = (0, repr(error).encode())
                    kept.close()
                seconds = time.monotonic() - start
                self.asked, self.worst = self.asked + 1, max(self.worst, seconds)
                if found != self.expected[path]:
                    self.faults.append(f"{path} is {found[0]} {found[1][:80]}")
                elif seconds > self.limit:
                    self.faults.append(f"{path} took {seconds:.1f} s")


class Slow(threading.Thread):
    """Connections that stand open, and some that send one byte a second. The server may close them."""

    HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    BODY = request("POST", "/mcp", "Content-Type: application/json", "Content-Length: 1000")

    def __init__(self, port, idle):
        super().__init__(daemon=True)
        self.port, self.is_over, self.opened = port, threading.Event(), 0
        self.starts = [b""] * idle + [self.HEAD] * 24 + [self.BODY] * 24
        self.lines = [None] * len(self.starts)

    def run(self):
        while not self.is_over.wait(1):
            for place, start in enumerate(self.starts):
                try:
                    self.step(place, start)
                except BlockingIOError:
                    pass
                except OSError:
                    self.lines[place] = None
        for line in filter(None, self.lines):
            line.close()

    def step(self, place, start):
        line = self.lines[place]
        if line is None:
            line = self.lines[place] = connect(self.port)
            self.opened += 1
            line.sendall(start)
            line.setblocking(False)
            return
        if start:
            line.send(b" ")
        # An answer, or the end: both say that the server is done with it.
        line.recv(4096)
        line.close()
        self.lines[place] = None


def plan(number, chance):
    """The connections: a kind, how many requests of it, and the kind that ends the connection, if any."""
    jobs, names = [("giants", 1, None)] * max(4, number // 5000), list(KINDS)
    # Of a kind with long connections there are fewer of these.
    shares = [share / most for share, most in KINDS.values()]
    left = number - len(jobs)
    while left > 0:
        kind = chance.choices(names, shares)[0]
        count = min(left, chance.randrange(1, KINDS[kind][1] + 1))
        is_read = kind not in ("floods", "streams")
        jobs.append((kind, count, chance.choice(ENDINGS) if is_read and chance.random() < 0.8 else None))
        left -= count
    chance.shuffle(jobs)
    return jobs


def abuse(lab, options, number):
    server = Server(lab)
    head = json.loads(server.ask("/api/v1/head")[1])
    paths = json.loads(server.ask("/openapi.json")[1])["paths"]
    routes = [(path, methods["get"].get("parameters", []))
              for path, methods in paths.items() if "get" in methods]
    jobs = plan(number, random.Random(options.seed))
    context = multiprocessing.get_context("fork")
    progress, results = context.Value("l", 0), context.Queue()
    workers = [context.Process(daemon=True, target=Worker(
        server.port, routes, f"{options.seed}/{place}", jobs[place::4], progress, results).run)
        for place in range(4)]
    polite, slow = Polite(server, 5 if options.short else 1), Slow(server.port, 300)
    start, told, samples = time.monotonic(), [], []
    for runner in [*workers, polite, slow]:
        runner.start()
    while len(told) < len(workers) and server.process.poll() is None and not any(
            worker.exitcode for worker in workers):
        if not results.empty():
            told.append(results.get())
        samples.append((progress.value / number, server.memory("VmRSS")))
        time.sleep(0.1)
    seconds = time.monotonic() - start
    polite.is_over.set()
    slow.is_over.set()
    polite.join(PATIENCE)
    slow.join(PATIENCE)
    if server.process.poll() is not None:
        lab.anomaly(f"the server ended with {server.process.returncode}: {server.log.read_text()[-2000:]}")
        for worker in workers:
            worker.terminate()
        return
    if len(told) < len(workers):
        lab.anomaly("a process of this test has failed: this run has shown too little")
    report(lab, told, seconds)
    print(f"polite client: {polite.asked:,} questions, the slowest took {polite.worst:.2f} s; "
          f"{slow.opened:,} idle and slow connections")
    if polite.faults:
        lab.anomaly(f"polite client: {len(polite.faults)} times, such as {polite.faults[:3]}")
    if polite.asked < 4:
        lab.anomaly("the polite client asked next to nothing: this run has shown nothing")
    check_memory(lab, server, samples)
    check_after(lab, server, head)
    server.end("after the abuse")
    for line in server.log.read_bytes().splitlines():
        try:
            json.loads(line)["message"]
        except (ValueError, KeyError, TypeError):
            lab.anomaly(f"a line of the log is not a message: {line[:200]}")
            break


def report(lab, told, seconds):
    kinds, statuses, faults = collections.Counter(), collections.Counter(), []
    for part in told:
        kinds, statuses, faults = kinds + part[0], statuses + part[1], faults + part[2]
    total = sum(kinds.values())
    print(f"{total:,} requests in {seconds:.0f} s, {total / seconds:,.0f} a second: "
          + ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())))
    print("answers: " + ", ".join(
        f"{count:,} with {status}" for status, count in sorted(statuses.items())), flush=True)
    if faults:
        (lab.folder / "faults.txt").write_text("\n".join("\t".join(fault) for fault in faults) + "\n")
    # All of them are in the file; one of each sort is told here.
    sorts = collections.Counter(fault[:2] for fault in faults)
    for sort, count in sorts.items():
        first = next(fault for fault in faults if fault[:2] == sort)
        lab.anomaly(f"{sort[0]}: {sort[1]}, {count} times, such as {first[3]}: {' '.join(first[2].split())}")


def check_memory(lab, server, samples):
    most = server.memory("VmHWM")
    quarters = [[size for part, size in samples if low <= part <= low + 0.25] or [0] for low in (0.5, 0.75)]
    middle, end = (sum(sizes) / len(sizes) for sizes in quarters)
    print(f"memory: {middle:.0f} MB in the third quarter, {end:.0f} MB in the last, {most:.0f} MB at most")
    if most > 400:
        lab.anomaly(f"the server had {most:.0f} MB in memory")
    if end > middle + 64:
        lab.anomaly(f"memory grows: from {middle:.0f} to {end:.0f} MB")


def check_after(lab, server, head):
    """What must be as it was before."""
    now = json.loads(server.ask("/api/v1/head")[1])
    if now != head:
        lab.anomaly(f"the head was {head}, and is {now}")
    # A stream notices within 15 seconds that its client is gone.
    for _ in range(25):
        open_streams = server.ask("/metrics")[1].decode().split("\nannals_sse_clients ")[1].split()[0]
        if open_streams == "0":
            break
        time.sleep(1)
    else:
        lab.anomaly(f"{open_streams} streams are counted as open, and nobody reads one")
    lab.must("verify")


def endings(lab):
    """SIGTERM, with one sort of client after the other."""
    # So many answers do not fit into the buffers between client and server.
    held = {
        "nothing": [], "idle clients": [b""] * 50, "slow heads": [Slow.HEAD] * 5,
        "slow bodies": [Slow.BODY] * 5, "streams": [request("GET", "/api/v1/stream")] * 5,
        "answers that nobody reads": [request("GET", "/openapi.json") * 300] * 2}
    for name, starts in held.items():
        server = Server(lab)
        lines = [connect(server.port) for _ in starts]
        for line, start in zip(lines, starts):
            line.sendall(start)
        time.sleep(1)
        server.end(f"with {name}")
        for line in lines:
            line.close()


def manners(lab):
    """What clients with manners do: it must not leave one of them waiting."""
    server, again = Server(lab), request("GET", "/healthz")
    old = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
    # As `curl --http2` and the client that comes with Java ask.
    offer = request("GET", "/healthz", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                    "HTTP2-Settings: AAMAAABk")
    close = request("GET", "/healthz", "Connection: Close")
    for name, first, second in (
            ("a second answer after an offer of HTTP/2", offer, again),
            ("the end of a connection with HTTP/1.0", old, b""),
            ("the end after Connection: Close", close, b"")):
        with connect(server.port) as line:
            line.settimeout(5)
            try:
                line.sendall(first)
                line.recv(1 << 16)
                line.sendall(second)
                # Either there is an answer, or the connection ends.
                line.recv(1 << 16)
            except TimeoutError:
                lab.anomaly(f"{name} does not come")
            except OSError:
                pass
    server.end("after those with manners")


class Editor(threading.Thread):
    """Appends one event after the other, until the server is gone."""

    def __init__(self, lab, server, name):
        super().__init__()
        self.lab, self.server, self.name, self.acknowledged = lab, server, name, {}

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        for number in range(1_000_000):
            event = {"type": "statement.made", "data": {
                "speaker": "dmitry-peskov", "kind": "quote", "text": f"{self.name}, {number}"}}
            try:
                line.request("POST", "/api/v1/events", json.dumps(event), {
                    "Content-Type": "application/json", "Authorization": f"Bearer {EDITOR}"})
                answer = line.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                return
            if answer.status != 201:
                self.lab.anomaly(f"an append was answered with {answer.status} {body[:300]}")
                return
            event = json.loads(body)["events"][0]
            self.acknowledged[event["id"]] = event["seq"]


def kills(lab, rounds, seed):
    """Kills the server under load; what it acknowledged must be there, and nothing that nobody sent."""
    chance, acknowledged, start = random.Random(seed), {}, time.monotonic()
    before, server = len(lab.export()), Server(lab)
    for number in range(rounds):
        editors = [Editor(lab, server, f"{seed}, round {number}, {name}") for name in range(4)]
        for editor in editors:
            editor.start()
        time.sleep(chance.uniform(0.05, 1.2))
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        for editor in editors:
            editor.join()
            acknowledged.update(editor.acknowledged)
        server = Server(lab)
        events = {event["id"]: event["seq"] for event in lab.export()}
        lost = [identity for identity, seq in acknowledged.items() if events.get(identity) != seq]
        if lost:
            lab.anomaly(f"round {number}: {len(lost)} acknowledged events are not there: {lost[:5]}")
        for editor in editors:
            for identity in list(editor.acknowledged)[-1:]:
                if server.ask(f"/api/v1/events/{identity}")[0] != 200:
                    lab.anomaly(f"round {number}: the server does not find its event {identity}")
        # At each kill, each client may have one event under way.
        if not 0 <= len(events) - before - len(acknowledged) <= 4 * (number + 1):
            lab.anomaly(f"round {number}: {len(events) - before} events for {len(acknowledged)} acknowledged")
        lab.must("verify")
    server.end("after the kills")
    print(f"{rounds} kills, {len(acknowledged):,} events acknowledged, {time.monotonic() - start:.0f} s")
    if not acknowledged:
        lab.anomaly("nothing was acknowledged: this run has shown nothing")


def main():
    parser = program.parser(__doc__)
    parser.add_argument("--requests", type=int, metavar="N")
    options = parser.parse_args()
    lab = program.Lab(program.find(options.annals), "abuse")
    print(f"seed {options.seed}, {lab.annals}", flush=True)
    lab.must("init", str(lab.store), "--demo")
    abuse(lab, options, options.requests or (4000 if options.short else 1_000_000))
    manners(lab)
    endings(lab)
    kills(lab, 3 if options.short else 25, options.seed)
    lab.finish()


main()
