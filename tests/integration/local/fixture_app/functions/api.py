"""Every route of the fixture app."""

import base64
import json
import os
import time

import boto3
import rows

sqs = boto3.client("sqs")
kms = boto3.client("kms")
secrets = boto3.client("secretsmanager")
CONTEXT = {"tenant": "t1"}


def answer(body, status=200, **more):
    text = json.dumps(body, default=str)
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": text,
        **more,
    }


def handler(event, context):
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    body = json.loads(event["body"]) if event.get("body", "").startswith("{") else {}
    query = event.get("queryStringParameters", {})
    parts = path.strip("/").split("/")
    if path in ("/health", "/throttled"):
        return {"ok": True}
    if parts[1] == "echo":
        remaining = context.get_remaining_time_in_millis()
        return answer({"event": event, "environment": dict(os.environ), "remaining": remaining})
    if parts[1] == "items" and method == "POST":
        rows.add("item#" + body["id"], "1", **body.get("attributes", {}))
        return answer({"id": body["id"]}, 201)
    if parts[1] == "items":
        found = rows.of("item#" + event["pathParameters"]["item_id"])
        return answer({"items": found}) if found else answer({"message": "no such item"}, 404)
    if parts[1] == "rows":
        return answer({"rows": rows.of(query["pk"])})
    if parts[1] == "jobs":
        for job in body["jobs"]:
            sqs.send_message(
                QueueUrl=os.environ["QUEUE_URL"],
                MessageBody=json.dumps(job),
                MessageGroupId=job["group"],
                MessageDeduplicationId=job["id"],
            )
        return answer({}, 202)
    if parts[1] == "seal":
        sealed = kms.encrypt(
            KeyId=os.environ["KEY_ID"], Plaintext=b"hidden", EncryptionContext=CONTEXT
        )
        return answer({"sealed": base64.b64encode(sealed["CiphertextBlob"]).decode()})
    if parts[1] == "unseal":
        opened = kms.decrypt(
            CiphertextBlob=base64.b64decode(body["sealed"]), EncryptionContext=CONTEXT
        )
        return answer({"opened": opened["Plaintext"].decode()})
    if parts[1] == "secret":
        return answer(
            {"secret": secrets.get_secret_value(SecretId=os.environ["SECRET_ARN"])["SecretString"]}
        )
    if parts[1] == "file":
        s3 = boto3.client("s3", config=boto3.session.Config(s3={"addressing_style": "path"}))
        if method == "POST":
            s3.put_object(Bucket=os.environ["BUCKET"], Key="a/b.txt", Body=body["text"].encode())
            return answer({}, 201)
        return answer(
            {
                "text": s3.get_object(Bucket=os.environ["BUCKET"], Key="a/b.txt")["Body"]
                .read()
                .decode()
            }
        )
    if parts[1] == "slow":
        time.sleep(30)
    if parts[1] == "crash":
        os._exit(3)
    if parts[1] == "raise":
        raise RuntimeError("deliberate")
    if parts[1] == "big":
        return answer("x" * 7_000_000)
    if parts[1] == "bytes":
        return {
            "statusCode": 200,
            "headers": {"content-type": "image/png", "access-control-allow-origin": "*"},
            "cookies": ["a=1; Path=/", "b=2"],
            "isBase64Encoded": True,
            "body": base64.b64encode(bytes(range(256))).decode(),
        }
    return answer({"message": "no such route"}, 404)
