"""Encryption of Harvest tokens with KMS.

The context (tenant and connection) is bound into each ciphertext: a token copied to another
tenant's item cannot be read there.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient


class TokenCipher:
    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def encrypt(self, plaintext: str, tenant_id: str, connection_id: str) -> bytes:
        return self._client.encrypt(
            KeyId=self._key_id,
            Plaintext=plaintext.encode(),
            EncryptionContext=_context(tenant_id, connection_id),
        )["CiphertextBlob"]

    def decrypt(self, ciphertext: bytes, tenant_id: str, connection_id: str) -> str:
        return self._client.decrypt(
            KeyId=self._key_id,
            CiphertextBlob=ciphertext,
            EncryptionContext=_context(tenant_id, connection_id),
        )["Plaintext"].decode()


def _context(tenant_id: str, connection_id: str) -> dict[str, str]:
    return {"purpose": "harvest-token", "tenant_id": tenant_id, "connection_id": connection_id}
