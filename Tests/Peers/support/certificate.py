# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""Keys with their certificates, made when a test needs one."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

#: What encrypted keys and PFX files open with.
PASSPHRASE = "a passphrase of the tests"


class Certificate:
    """A key with its certificate, in the forms that MSAL takes."""

    def __init__(self, name, issuer=None, is_authority=False):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer.name if issuer else self.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        self.certificate = builder.sign((issuer or self).key, hashes.SHA256())

    @property
    def pem(self):
        """The certificate as a text."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def thumbprint(self):
        """The SHA-1 thumbprint as the portals of the platform show it."""
        return self.certificate.fingerprint(hashes.SHA1()).hex().upper()

    def private_key(self, passphrase=None):
        """The key as a text, encrypted where there is a passphrase."""
        encryption = (
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        )
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        ).decode()

    def pfx(self, folder):
        """A PFX file with key and certificate."""
        path = folder / "daemon.pfx"
        encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(b"daemon", self.key, self.certificate, None, encryption)
        )
        return str(path)
