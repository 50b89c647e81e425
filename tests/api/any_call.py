"""Calls that follow from the OpenAPI document, by schemathesis: right ones, and ones that are wrong in one thing."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from starlette.testclient import TestClient

CHECKS = [
    schemathesis.checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
]  # fmt: skip


def operations(document: dict[str, Any]) -> list[Any]:
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


def cases(operation: Any, mode: GenerationMode, number: int, chosen: int) -> list[Any]:
    """`number` calls of one operation, the same ones every time for one `chosen` number."""
    made: list[Any] = []

    @seed(chosen)
    @settings(max_examples=number, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def keep(case: Any) -> None:
        made.append(case)

    with suppress(Unsatisfiable):  # nothing can be wrong with a call that takes nothing
        keep()
    return made[:number]


def aim(case: Any, ids: Mapping[str, str], dice: random.Random) -> None:
    """Mostly names things that are there: what is made up is never there, and nothing beyond that would be tried."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            for name in part.keys() & ids.keys():
                if dice.random() < 0.8:
                    part[name] = ids[name]


def send(client: TestClient, case: Any, token: str) -> Any:
    asked = case.as_transport_kwargs(base_url="http://testserver")
    headers = {**asked.pop("headers", {})}
    headers.pop("Authorization", None)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    known = {
        name: value for name, value in asked.items() if name in {"method", "url", "params", "json", "data", "files"}
    }
    if "files" in known:
        parts = known["files"].items() if isinstance(known["files"], dict) else known["files"]
        known["files"] = [(name, _as_part(part)) for name, part in parts]
    if isinstance(known.get("data"), str | bytes):
        known["content"] = known.pop("data")
    request = client.build_request(headers=headers, **known)
    request.read()  # to be held beside its answer
    return client.send(request)


def _as_part(part: Any) -> Any:
    """What is no text becomes one: the file of a form may have been made up as a number."""
    if isinstance(part, tuple):
        return (part[0], *map(_as_part, part[1:2]), *part[2:])
    return part if isinstance(part, str | bytes) else str(part)


def fire(
    client: TestClient, document: dict[str, Any], tokens: Mapping[str, str], ids: Mapping[str, str], number: int, chosen: int
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Sends what schemathesis makes up, each call as the next of those people. Gives what was found wrong, by call."""
    dice, sent = random.Random(chosen), Counter[int]()
    for operation in operations(document):
        allowed = set(tokens)
        for mode, share in ((GenerationMode.POSITIVE, number), (GenerationMode.NEGATIVE, (number + 1) // 2)):
            for case in cases(operation, mode, share, chosen):
                aim(case, ids, dice)
                for who in sorted(allowed):
                    answer = send(client, case, tokens[who])
                    sent[answer.status_code] += 1
                    if answer.status_code in (401, 403):  # once is enough
                        allowed.discard(who)
                    try:
                        case.validate_response(answer, checks=CHECKS)
                    except (
                        Exception,
                        BaseExceptionGroup,
                    ) as error:  # all that is wrong with one answer comes as a group
                        yield f"{operation.label} as {who}: {answer.status_code}", str(error)[:1500]
    print("sent", dict(sent))
