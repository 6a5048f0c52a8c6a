"""The optional export: what Export=on adds to the stack, and that nothing of it is there without."""

from typing import Any

import pytest

from autotag.settings import ExportSettings
from tests.infra.cloudformation_template import Template, arn, ref

DAY = 86400
BUCKET, QUEUE, DEAD = "ExportBucket", "ExportQueue", "ExportDeadLetterQueue"


def test_without_it_no_resource_of_an_export_is_there(template: Template) -> None:
    assert not [name for name in template.document["Resources"] if name.startswith("Export")]


def test_a_new_kind_of_resource_comes_with_tests(exporting: Template, template: Template) -> None:
    kinds = {
        name: {each["Type"] for each in found.document["Resources"].values()}
        for name, found in (("on", exporting), ("off", template))
    }
    assert kinds["on"] - kinds["off"] == {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}


def test_it_is_there_as_a_whole_or_not_at_all(transformed: dict[str, Any], source: dict[str, Any]) -> None:
    resources = transformed["Resources"]
    conditional = {name for name, each in resources.items() if each.get("Condition") == "HasExport"}
    assert conditional == {name for name in resources if name.startswith("Export")} != set()
    assert source["Conditions"]["HasExport"] == {"Fn::Equals": [ref("Export"), "on"]}
    assert source["Parameters"]["Export"]["AllowedValues"] == ["none", "on"]


def test_the_function_may_scan_the_states_and_write_below_one_prefix_and_no_more(exporting: Template) -> None:
    assert exporting.granted("ExportFunction") == {
        ("sqs:ReceiveMessage", QUEUE),
        ("sqs:DeleteMessage", QUEUE),
        ("sqs:GetQueueAttributes", QUEUE),
        ("sqs:ChangeMessageVisibility", QUEUE),
        ("sqs:SendMessage", QUEUE),
        ("dynamodb:Scan", "StateTable"),
        ("s3:GetObject", "${ExportBucket.Arn}/exports/*"),
        ("s3:PutObject", "${ExportBucket.Arn}/exports/*"),
        ("s3:ListBucket", BUCKET),
        ("logs:CreateLogStream", "ExportLogGroup"),
        ("logs:PutLogEvents", "ExportLogGroup"),
    }
    (find,) = [each for each in exporting.statements("ExportFunction") if each["Sid"] == "FindFiles"]
    assert find["Condition"] == {"StringLike": {"s3:prefix": ["exports/*"]}}


@pytest.mark.parametrize("function", ["ViewFunction", "ReviewFunction", "OpsFunction"])
def test_the_operators_functions_measure_its_queues_and_one_of_them_starts_it(
    exporting: Template, template: Template, function: str
) -> None:
    added = exporting.granted(function) - template.granted(function)
    measures = {("sqs:GetQueueAttributes", QUEUE), ("sqs:GetQueueAttributes", DEAD)}
    assert added == measures | ({("sqs:SendMessage", QUEUE)} if function == "OpsFunction" else set())
    variables = exporting.properties(function)["Environment"]["Variables"]
    assert (variables["EXPORT_QUEUE_URL"], variables["EXPORT_DEAD_LETTER_QUEUE_URL"]) == (ref(QUEUE), ref(DEAD))
    off = template.properties(function)["Environment"]["Variables"]
    assert (off["EXPORT_QUEUE_URL"], off["EXPORT_DEAD_LETTER_QUEUE_URL"]) == ("", "")


@pytest.mark.parametrize("function", ["WebhookFunction", "IntakeFunction", "WorkerFunction", "PollerFunction"])
def test_no_other_function_has_to_do_with_it(exporting: Template, template: Template, function: str) -> None:
    assert exporting.properties(function) == template.properties(function)
    assert exporting.granted(function) == template.granted(function)


def test_operators_alone_read_its_files(exporting: Template) -> None:
    policies = exporting.of_type("AWS::IAM::ManagedPolicy")
    found = {
        name: {each["Sid"]: (each["Action"], each["Resource"]) for each in policy["PolicyDocument"]["Statement"]}
        for name, policy in policies.items()
    }
    assert found["OperatorPolicy"]["FindExports"] == ("s3:ListBucket", arn(BUCKET))
    assert found["OperatorPolicy"]["ReadExports"] == ("s3:GetObject", {"Fn::Sub": "${ExportBucket.Arn}/exports/*"})
    assert [name for name in found if "s3:" in str(found[name])] == ["OperatorPolicy"]


def test_the_function_alone_has_the_layer(exporting: Template) -> None:
    layers = {
        name: [each["Ref"] for each in function["Layers"]]
        for name, function in exporting.of_type("AWS::Lambda::Function").items()
        if "Layers" in function
    }
    (layer,) = layers["ExportFunction"]
    assert layer.startswith("ExportLayer")
    assert [name for name, used in layers.items() if layer in used] == ["ExportFunction"]


def test_the_function_reads_what_it_is_told(exporting: Template) -> None:
    variables = exporting.properties("ExportFunction")["Environment"]["Variables"]
    assert {name.upper() for name in ExportSettings.__struct_fields__} == {
        name for name in variables if not name.startswith("POWERTOOLS")
    }
    assert variables["POWERTOOLS_SERVICE_NAME"] == "export"


def test_one_message_is_one_file_and_comes_back_when_its_function_is_surely_over(
    exporting: Template, source: dict[str, Any]
) -> None:
    (mapping,) = [
        each
        for each in exporting.of_type("AWS::Lambda::EventSourceMapping").values()
        if each["EventSourceArn"] == arn(QUEUE)
    ]
    assert mapping["FunctionName"] == ref("ExportFunction") and mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    default = source["Parameters"]["ExportConcurrency"]["Default"]
    assert source["Conditions"]["ExportersAsPreset"] == {"Fn::Equals": [ref("ExportConcurrency"), str(default)]}
    assert mapping["ScalingConfig"] == {
        "MaximumConcurrency": {"Fn::If": ["ExportersAsPreset", default, ref("ExportConcurrency")]}
    }
    timeout = exporting.properties("ExportFunction")["Timeout"]
    assert exporting.properties(QUEUE)["VisibilityTimeout"] >= 6 * timeout
    assert exporting.properties(QUEUE)["RedrivePolicy"] == {"deadLetterTargetArn": arn(DEAD), "maxReceiveCount": 15}
    assert {exporting.properties(name)["MessageRetentionPeriod"] for name in (QUEUE, DEAD)} == {14 * DAY}


def test_the_bucket_is_encrypted_private_and_refuses_plain_http(exporting: Template) -> None:
    bucket = exporting.properties(BUCKET)
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (statement,) = exporting.properties("ExportBucketTlsOnly")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == [arn(BUCKET), {"Fn::Sub": "${ExportBucket.Arn}/*"}]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_its_files_are_kept_as_long_as_the_parameter_says_and_outlive_the_stack(exporting: Template) -> None:
    (rule,) = exporting.properties(BUCKET)["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == ("exports/", ref("ExportRetentionDays"))
    for name in (BUCKET, "ExportBucketTlsOnly", "ExportLogGroup"):
        assert exporting.resource(name)["DeletionPolicy"] == "Retain"


def test_a_key_of_the_company_encrypts_it(exporting_company: Template) -> None:
    (rule,) = exporting_company.properties(BUCKET)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ref("KmsKeyArn")}
    assert {exporting_company.properties(name)["KmsMasterKeyId"]["Ref"] for name in (QUEUE, DEAD)} == {"KmsKeyArn"}
    assert ("kms:GenerateDataKey", "KmsKeyArn") in exporting_company.granted("ExportFunction")
    assert exporting_company.properties("ExportRole")["PermissionsBoundary"] == ref("PermissionsBoundaryArn")


@pytest.mark.parametrize("name", [QUEUE, DEAD])
def test_its_queues_are_encrypted_and_refuse_plain_http(exporting: Template, name: str) -> None:
    assert exporting.properties(name)["SqsManagedSseEnabled"] is True
    ((statement,),) = [
        policy["PolicyDocument"]["Statement"]
        for policy in exporting.of_type("AWS::SQS::QueuePolicy").values()
        if policy["Queues"] == [ref(name)]
    ]
    assert (statement["Effect"], statement["Resource"]) == ("Deny", arn(name))
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_each_of_its_faults_has_an_alarm(exporting: Template, template: Template) -> None:
    alarms = exporting.of_type("AWS::CloudWatch::Alarm")
    added = {name: alarms[name] for name in alarms.keys() - template.of_type("AWS::CloudWatch::Alarm").keys()}
    assert {name: (each["MetricName"], each["Threshold"]) for name, each in added.items()} == {
        "ExportDeadLetterQueueNotEmpty": ("ApproximateNumberOfMessagesVisible", 0),
        "ExportQueueMessagesNearExpiry": ("ApproximateAgeOfOldestMessage", 7 * DAY),
        "ExportErrors": ("Errors", 0),
        "ExportUnforeseen": ("Unforeseen", 0),
    }
    assert all(each["AlarmDescription"] and each["TreatMissingData"] == "notBreaching" for each in added.values())
