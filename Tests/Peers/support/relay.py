# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""A relay on loopback: it forwards requests unchanged, records them, can put TLS in front, and can be cut."""

import http.client
import http.server
import ipaddress
import itertools
import ssl
import threading
import urllib.parse
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: Fields that belong to one connection and are not forwarded.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "te", "trailer"}


class Exchange:
    """One request and its answer."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.status, self.answer_headers, self.answer_body = None, [], b""
        #: Where it was forwarded to.
        self.upstream = None


class Relay:
    """Forwards to `upstream` what arrives at `url`; the Host field goes along as it came."""

    def __init__(self, upstream=None, seen=None, tls_folder=None):
        self.upstream = upstream
        self.exchanges = []
        #: While true, connections are closed without an answer: the provider is down.
        self.is_cut = False
        #: A text; only requests whose path contains it are cut.
        self.cuts = None
        #: A function that may change an exchange's answer before it is passed on.
        self.alter = None
        self._seen = seen
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                relay._forward(self)

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = handle_any

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        scheme = "http"
        if tls_folder:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.certificate = make_certificate(tls_folder)
            context.load_cert_chain(self.certificate, tls_folder / "relay-key.pem")
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{scheme}://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _forward(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else b""
        exchange = Exchange(handler.command, handler.path, handler.headers.items(), body)
        self.exchanges.append(exchange)
        if self.is_cut or (self.cuts and self.cuts in handler.path):
            handler.close_connection = True
            return
        exchange.upstream = self._choose()
        target = urllib.parse.urlsplit(exchange.upstream)
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=60)
        try:
            connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in exchange.headers:
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            exchange.answer_body = answer.read()
            exchange.status, exchange.answer_headers = answer.status, answer.getheaders()
        except OSError:
            handler.close_connection = True
            return
        finally:
            connection.close()
        if self.alter:
            self.alter(exchange)
        self._remember(exchange)
        handler.send_response_only(exchange.status)
        for name, value in exchange.answer_headers:
            if name.lower() not in HOP_BY_HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(exchange.answer_body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(exchange.answer_body)

    def _choose(self):
        return self.upstream

    def _remember(self, exchange):
        if self._seen is None:
            return
        self._seen.add_url(exchange.path)
        self._seen.add_headers(exchange.headers)
        self._seen.add_form(exchange.body)
        self._seen.add_headers(exchange.answer_headers)
        self._seen.add_json(exchange.answer_body)

    def requests_to(self, part):
        """The exchanges whose path contains a text."""
        return [exchange for exchange in list(self.exchanges) if part in exchange.path]

    def close(self):
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


class Balancer(Relay):
    """Forwards to several upstreams in turn."""

    def __init__(self, seen=None):
        super().__init__(seen=seen)
        self.upstreams = []
        self._turns = itertools.count()

    def _choose(self):
        return self.upstreams[next(self._turns) % len(self.upstreams)]


def make_certificate(folder):
    """A certificate for localhost that vouches for itself, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "relay.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "relay-key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path
