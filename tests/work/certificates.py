"""Certificates of a made-up authority, good ones and bad ones."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Authority:
    """One that vouches for servers, if `file` is trusted."""

    def __init__(self, directory: Path, name: str = "An authority") -> None:
        self.directory = directory
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = _named(name)
        certificate = _built(
            self.subject, self.subject, self.key, ["an.authority"], days=(-900, 900), is_authority=True
        )
        self.file = directory / f"{name}.pem"
        self.file.write_bytes(_as_pem(certificate.sign(self.key, hashes.SHA256())))

    def server(self, *names: str, days: tuple[int, int] = (-9, 9), self_signed: bool = False) -> ssl.SSLContext:
        """What a server of these names needs, with a certificate that is valid between two days from today."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate(*names, days=days, self_signed=self_signed))
        return context

    def certificate(self, *names: str, days: tuple[int, int] = (-9, 9), self_signed: bool = False) -> Path:
        """The file with a server's key and certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(names[0])
        issuer, signing = (subject, key) if self_signed else (self.subject, self.key)
        certificate = _built(subject, issuer, key, names, days=days, is_authority=False).sign(signing, hashes.SHA256())
        kept = self.directory / f"{certificate.serial_number}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        kept.write_bytes(secret + _as_pem(certificate))
        return kept


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _built(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    names: Sequence[str],
    *,
    days: tuple[int, int],
    is_authority: bool,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    spoken = [x509.IPAddress(ipaddress.ip_address(one)) if one[-1].isdigit() else x509.DNSName(one) for one in names]
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(spoken), critical=False)
    )


def _as_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
