"""A device with a passkey, written after the specification of WebAuthn and not after the library that is tested."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
"""Flags: somebody was there, it was the owner, a public key follows."""


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """What answers for somebody who is at this device. It counts how often it has signed, unless its ``step`` is 0, as
    that of passkeys which are on several devices.
    """

    def __init__(self) -> None:
        self.step = 1
        self.id = token_bytes(16)
        self.count = 0
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str, *, origin: str) -> str:
        """A new passkey, as the browser sends it for what a page says in ``data-passkey``."""
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = encode_cbor({1: 2, 3: -7, -1: 1, **point})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(json.loads(options)["rp"]["id"], PRESENT | VERIFIED | WITH_KEY) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options, origin)
        return self._answer({"clientDataJSON": client_data, "attestationObject": attestation})

    def use(self, options: str, *, origin: str) -> str:
        """The same for a login."""
        self.count += self.step
        data = self._data(json.loads(options)["rpId"], PRESENT | VERIFIED)
        client_data = self._client_data("webauthn.get", options, origin)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client_data, "authenticatorData": data, "signature": signature})

    def _data(self, name: str, flags: int) -> bytes:
        return sha256(name.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: str, origin: str) -> bytes:
        data = {"type": kind, "challenge": json.loads(options)["challenge"], "origin": origin, "crossOrigin": False}
        return json.dumps(data).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        parts = {name: encoded(value) for name, value in response.items()}
        known_as = encoded(self.id)
        return json.dumps({"id": known_as, "rawId": known_as, "type": "public-key", "response": parts})
