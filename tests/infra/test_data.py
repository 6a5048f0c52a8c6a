"""What is kept is encrypted, can be restored, and outlives the stack."""

import pytest

from tests.infra.cloudformation_template import TABLES, Template, ref


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_on_demand_encrypted_and_restorable(template: Template, name: str) -> None:
    table = template.properties(name)
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == ref("DeletionProtection")


@pytest.mark.parametrize("name", [*TABLES, "Secret"])
def test_data_and_credentials_outlive_the_stack(template: Template, name: str) -> None:
    resource = template.resource(name)
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", TABLES)
def test_items_expire_by_the_attribute_that_the_code_writes(template: Template, name: str) -> None:
    assert template.properties(name)["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


def test_state_has_the_indexes_of_the_design(template: Template) -> None:
    state = template.properties("StateTable")
    indexes = {
        index["IndexName"]: (
            [key["AttributeName"] for key in index["KeySchema"]],
            index["Projection"]["ProjectionType"],
            index["Projection"].get("NonKeyAttributes", []),
        )
        for index in state["GlobalSecondaryIndexes"]
    }
    types = {each["AttributeName"]: each["AttributeType"] for each in state["AttributeDefinitions"]}

    assert [key["AttributeName"] for key in state["KeySchema"]] == ["pk"]
    assert indexes == {
        "by_public_id": (["public_id"], "KEYS_ONLY", []),
        "due": (["due", "due_at"], "KEYS_ONLY", []),
        "asked": (["review", "review_at"], "INCLUDE", ["ask", "ask_folder"]),
    }
    assert (types["due_at"], types["review_at"], types["due"], types["pk"]) == ("N", "N", "S", "S")


def test_history_is_looked_up_by_asset_and_time(template: Template) -> None:
    history = template.properties("HistoryTable")
    assert [key["AttributeName"] for key in history["KeySchema"]] == ["pk", "sk"]
    assert "GlobalSecondaryIndexes" not in history


def test_the_template_never_holds_a_secret_value(template: Template) -> None:
    secrets = template.of_type("AWS::SecretsManager::Secret")
    assert set(secrets) == {"Secret", "ConsoleSecret"}
    assert all(set(secret) == {"Description"} for secret in secrets.values())


@pytest.mark.parametrize("name", TABLES)
def test_a_key_of_the_company_encrypts_the_tables(company: Template, name: str) -> None:
    expected = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": ref("KmsKeyArn")}
    assert company.properties(name)["SSESpecification"] == expected


def test_a_key_of_the_company_encrypts_everything_else(company: Template) -> None:
    key = ref("KmsKeyArn")
    assert all(group["KmsKeyId"] == key for group in company.of_type("AWS::Logs::LogGroup").values())
    assert all(secret["KmsKeyId"] == key for secret in company.of_type("AWS::SecretsManager::Secret").values())
    assert all(bus["KmsKeyIdentifier"] == key for bus in company.of_type("AWS::Events::EventBus").values())
    for queue in company.of_type("AWS::SQS::Queue").values():
        assert (queue["SqsManagedSseEnabled"], queue["KmsMasterKeyId"]) == (False, key)


@pytest.mark.parametrize("group", ["WebhookLogGroup", "IntakeLogGroup"])
def test_the_log_of_an_intake_outlives_a_change_of_intake(template: Template, group: str) -> None:
    """It shows what was refused until then; its retention deletes the lines in time."""
    assert template.resource(group)["DeletionPolicy"] == "Retain"
    assert template.properties(group)["RetentionInDays"] == ref("LogRetentionDays")
