"""Tables survive mistakes: they can be restored, and no deletion of the stack takes them along."""

from tests.template.conftest import Resources, of_type


def test_tables_can_be_restored_to_any_moment(translated: Resources) -> None:
    for name, table in of_type(translated, "AWS::DynamoDB::Table").items():
        recovery = table["PointInTimeRecoverySpecification"]
        assert recovery["PointInTimeRecoveryEnabled"] is True, name


def test_tables_and_the_key_of_tokens_outlive_the_stack(translated: Resources) -> None:
    kinds = ("AWS::DynamoDB::Table", "AWS::KMS::Key")
    lasting = {name: one for name, one in translated.items() if one["Type"] in kinds}

    assert len(lasting) >= 5
    for name, one in lasting.items():
        assert one["DeletionPolicy"] == one["UpdateReplacePolicy"] == "Retain", name


def test_tables_are_encrypted_and_tokens_with_a_key_of_our_own(translated: Resources) -> None:
    tables = of_type(translated, "AWS::DynamoDB::Table")

    assert all(table["SSESpecification"]["SSEEnabled"] for table in tables.values())
    connections = tables["ConnectionsTable"]["SSESpecification"]
    assert connections["KMSMasterKeyId"] == {"Fn::GetAtt": ["TokenKey", "Arn"]}


def test_the_key_of_tokens_is_rotated(translated: Resources) -> None:
    for key in of_type(translated, "AWS::KMS::Key").values():
        assert key["EnableKeyRotation"] is True


def test_what_expires_is_deleted_by_the_table(translated: Resources) -> None:
    tables = of_type(translated, "AWS::DynamoDB::Table")

    expiring = {name for name, table in tables.items() if "TimeToLiveSpecification" in table}

    assert expiring == {"ConnectionsTable", "DirectoryTable", "RunsTable", "BooksTable"}
    for name in expiring:
        assert tables[name]["TimeToLiveSpecification"] == {
            "AttributeName": "expires_at",
            "Enabled": True,
        }


def test_what_is_due_is_found_by_a_sparse_index(translated: Resources) -> None:
    tables = of_type(translated, "AWS::DynamoDB::Table")

    for name in ("ConnectionsTable", "RunsTable"):
        (index,) = tables[name]["GlobalSecondaryIndexes"]
        assert [key["AttributeName"] for key in index["KeySchema"]] == ["due_bucket", "next_due_at"]
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
