"""The credentials are sent only to a server whose certificate the machine trusts."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from autotag.adapters.cloudinary.http import CloudinaryHttp
from autotag.domain.errors import Retryable
from tests.integration.adapters.cloudinary.cloudinary_api import FakeSecrets


def certificate(folder: Path) -> Path:
    """Write a key, and a certificate that it signed itself; return the file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(pem)
    )
    return file


@contextmanager
def serving(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Run an HTTPS server; yield its address and the paths of the requests that it got."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_args: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"https://localhost:{server.server_port}", paths
        finally:
            server.shutdown()


def test_a_certificate_that_nobody_trusts_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with serving(certificate(tmp_path)) as (base, paths):
        with pytest.raises(Retryable, match="Cloudinary: SSLError"):
            CloudinaryHttp(base, FakeSecrets(), tries=1).call("GET", "ping", 5)
        assert paths == []


def test_a_certificate_that_the_machine_trusts_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(file) as (base, paths):
        assert CloudinaryHttp(base, FakeSecrets(), tries=1).call("GET", "ping", 5).status == 200
        assert paths == ["/v1_1/demo/ping"]
