"""The local run's own OpenID Connect issuer: discovery, keys, and tokens for any tenant and role.

Its private key lives in the state directory, so that a token outlives a restart. It must never be
named as issuer of a real deployment.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local.aws import serve
from local.clock import LocalClock
from local.ports import ANY, HOST, Port

_KEY_ID = "local-1"


class Issuer:
    """Serves the key set at `url` and signs tokens with claims named as the template says."""

    def __init__(self, key_file: Path, clock: LocalClock, port: Port = ANY) -> None:
        self._key = _private_key(key_file)
        self._clock = clock
        self._server = serve(self._answer, port, "issuer")
        self.url = f"http://{HOST}:{self._server.port}"
        self.audience = "local"
        self.claim_names = {"tenant": "tenant_id", "user": "sub", "roles": "roles"}

    def token(
        self,
        tenant: str,
        user: str,
        roles: Sequence[str],
        *,
        expires_in: float = 3600,
        extra: Mapping[str, Any] | None = None,
    ) -> str:
        """A signed access token; `expires_in` seconds by the local clock, `extra` adds claims."""
        now = int(self._clock.timestamp())
        claims = {
            "iss": self.url,
            "aud": self.audience,
            "iat": now,
            "exp": now + int(expires_in),
            "sub": user,
            self.claim_names["tenant"]: tenant,
            self.claim_names["user"]: user,
            self.claim_names["roles"]: list(roles),
            **(extra or {}),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY_ID})

    def key_set(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": _KEY_ID, "use": "sig", "alg": "RS256"}]}

    def _answer(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> list[bytes]:
        documents = {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/.well-known/jwks.json",
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
            },
            "/.well-known/jwks.json": self.key_set(),
        }
        document = documents.get(environ["PATH_INFO"])
        body = json.dumps(document or {"message": "Not Found"}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start("200 OK" if document else "404 Not Found", headers)
        return [body]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _private_key(path: Path) -> rsa.RSAPrivateKey:
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return key
