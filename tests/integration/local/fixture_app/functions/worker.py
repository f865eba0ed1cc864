"""Takes jobs: each attempt leaves a row, some fail, some take long."""

import json
import time

import rows


def handler(event, context):
    failed, broken = [], set()
    for record in event["Records"]:
        job = json.loads(record["body"])
        group = record["attributes"]["MessageGroupId"]
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        rows.add(f"attempts#{job['id']}", f"{attempt}", batch=len(event["Records"]))
        if group in broken or job.get("fails", 0) >= attempt:
            broken.add(group)
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        if attempt <= job.get("hangs", 0):
            time.sleep(60)
        rows.add(f"done#{group}", f"{time.time():.6f}", job=job["id"])
    return {"batchItemFailures": failed}
