"""Who answers are recorded as: the caller that IAM authenticates.

One signed request, since boto3 takes longer to import than the rest of the console.
Source: STS API reference, GetCallerIdentity; its endpoints: docs.aws.amazon.com/general/latest/gr/sts.html.
"""

import re

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from autotag_cli.errors import Failure
from autotag_cli.stack.target import Target, Transport

UNKNOWN = "the caller of your AWS credentials"
_BODY = b"Action=GetCallerIdentity&Version=2011-06-15"
_ARN = re.compile(rb"<Arn>(arn:[!-;=?-~]{1,2048})</Arn>")


def caller_of(target: Target, post: Transport) -> str:
    """Return the ARN of the caller, or words for it if AWS does not say it; it is only shown."""
    domain = "amazonaws.com.cn" if target.region.startswith("cn-") else "amazonaws.com"
    url = target.endpoint_url or f"https://sts.{target.region}.{domain}/"
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    signed = AWSRequest("POST", url, headers=headers, data=_BODY)
    SigV4Auth(ReadOnlyCredentials(*target.keys), "sts", target.region).add_auth(signed)
    try:
        reply = post(url, dict(signed.headers.items()), _BODY)
    except Failure:
        return UNKNOWN
    found = _ARN.search(reply.body) if reply.status == 200 else None
    return found[1].decode("ascii") if found else UNKNOWN
