"""Bulk runs in the State table: an item for each run, one for each of its segments, and one that lists the last runs.

A run that is to be advanced is in the due index under ``RUN#0``, like assets under their own kinds. Writes about a
segment change its item alone, on the condition of its own pass and page, so that segments do not wait for each other.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import SHAPE, Item, from_item, item_size, pack, to_item
from autotag.adapters.aws.dynamodb.query import items_of, queried
from autotag.adapters.aws.dynamodb.run_items import (
    DUE,
    added,
    keys_of,
    readable_runs,
    run_in,
    run_item,
    run_key,
    segment_key,
)
from autotag.domain.errors import Invalid
from autotag.domain.runs.progress import Counts, Group, segment_of
from autotag.domain.runs.run import Run, RunStatus

_LIST = {"pk": {"S": "RUNS"}}
_LISTED = 50
_MOST = 64 * 1024
"""Bytes of a new run at most: each of its writes costs as many."""


class DynamoRunStore:
    """Implements the ``RunStore`` port."""

    def __init__(self, client: Any, table: str, *, skipped: Callable[[str], None] = lambda _: None) -> None:
        """``skipped`` is called with the reason why a run of another shape is left out of ``recent``."""
        self._client, self._table, self._skipped = client, table, skipped

    def create(self, run: Run) -> None:
        """List a new run and store it, due at once; raises ``Invalid`` if its parameters are too large for an item.

        It is listed first: a failure in between leaves an id without a run, not a run that is not listed.
        """
        item = run_item(run)
        if item_size(item) > _MOST:
            raise Invalid("filter", f"is {item_size(item)} bytes when compressed, at most {_MOST} fit")
        with asking("DynamoDB"):
            self._client.update_item(
                TableName=self._table,
                Key=_LIST,
                UpdateExpression="SET ids = list_append(:id, if_not_exists(ids, :none))",
                ExpressionAttributeValues=to_item({":id": [run.id], ":none": []}),
            )
            self._client.update_item(TableName=self._table, Key=_LIST, UpdateExpression=f"REMOVE ids[{_LISTED}]")
            with suppress(self._client.exceptions.ConditionalCheckFailedException):  # the response was lost
                self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")

    def load(self, run_id: str) -> Run | None:
        """Return a run with its segments, by consistent reads."""
        return run_in(run_id, self._items(keys_of([run_id])))

    def recent(self) -> list[Run]:
        """Return the last runs, the newest first."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_LIST, ConsistentRead=True)
        ids = from_item(answer["Item"])["ids"] if "Item" in answer else []
        once = list(dict.fromkeys(ids[:_LISTED]))  # the client repeats a call whose response was lost
        items = self._items(keys_of(once))
        return readable_runs(once, items, self._skipped)

    def due(self, now: int) -> list[str]:
        """Return the ids of running runs that are due."""
        found = queried(
            self._client,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="due = :kind AND due_at <= :now",
            ExpressionAttributeValues=to_item({":kind": DUE, ":now": now}),
        )
        return [item["pk"]["S"].removeprefix(run_key("")) for item in found]

    def postpone(self, run_id: str, due_at: int) -> None:
        """Make a run wait until ``due_at`` (ms), unless it was stopped."""
        self._update(run_key(run_id), "SET due_at = :at", "#status = :running", {":at": due_at})

    def hold(self, run_id: str, now: int, until: int) -> bool:
        """Lock a running run until ``until`` (ms); return False if another process holds it."""
        condition = "#status = :running AND (attribute_not_exists(held_until) OR held_until <= :now)"
        return self._update(run_key(run_id), "SET held_until = :until", condition, {":now": now, ":until": until})

    def release(self, run_id: str, until: int) -> None:
        """Release a run that is locked until ``until`` (ms)."""
        self._update(run_key(run_id), "REMOVE held_until", "held_until = :until", {":until": until})

    def planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        """Store the groups and counts of a page and its segment's next cursor, if the segment did not move on."""
        known, more = run.segments[segment], added(counts)
        values: dict[str, Any] = {f":{name}": value for name, value in more.items()}
        values |= {":epoch": run.epoch, ":pages": known.pages, ":next": known.pages + 1}
        sets, adds, removes = ["pages = :next"], [f"{name} :{name}" for name in more], []
        condition = "epoch = :epoch AND pages = :pages"
        if not known.pages:  # a new item, or the first page of another pass
            condition = "attribute_not_exists(pk) OR epoch < :epoch"
            sets += ["v = :shape", "epoch = :epoch"]
            removes += ["c_missed", *(() if groups else ("outbox", "run_groups"))]
            values[":shape"] = SHAPE
            del values[":pages"]
        if cursor is None:
            removes.append("next_cursor")
        else:
            sets.append("next_cursor = :cursor")
            values[":cursor"] = cursor
        if groups:
            sets += ["outbox = :outbox", "run_groups = :groups"] if not known.pages else ["outbox = :outbox"]
            adds += ["run_groups :groups"] if known.pages else []
            values |= {":outbox": pack(groups), ":groups": {group.id for group in groups}}
        parts = (("SET", sets), ("ADD", adds), ("REMOVE", removes))
        update = " ".join(f"{word} {', '.join(some)}" for word, some in parts if some)
        return self._update(segment_key(run.id, segment), update, condition, values)

    def queued(self, run: Run, segment: str) -> None:
        """Empty the outbox of a segment, if no page was stored since ``run`` was read."""
        values = {":epoch": run.epoch, ":pages": run.segments[segment].pages}
        self._update(segment_key(run.id, segment), "REMOVE outbox", "epoch = :epoch AND pages = :pages", values)

    def take_time(self, run: Run, milliseconds: int, now: int) -> int | None:
        """Move ``free_at`` on, from ``now`` (ms) at the earliest; return from where, or None if the run moved on."""
        writes = [self._take_later, self._take_at_once] if run.free_at > now else [self._take_at_once, self._take_later]
        return next((at for write in writes if (at := write(run, milliseconds, now)) is not None), None)

    def _take_later(self, run: Run, milliseconds: int, now: int) -> int | None:
        values = {":epoch": run.epoch, ":now": now, ":more": milliseconds}
        condition = "#status = :running AND epoch = :epoch AND free_at > :now"
        new = self._updated(run_key(run.id), "SET free_at = free_at + :more", condition, values)
        return None if new is None else int(new["free_at"]["N"]) - milliseconds

    def _take_at_once(self, run: Run, milliseconds: int, now: int) -> int | None:
        values = {":epoch": run.epoch, ":now": now, ":until": now + milliseconds}
        condition = "#status = :running AND epoch = :epoch AND free_at <= :now"
        return now if self._update(run_key(run.id), "SET free_at = :until", condition, values) else None

    def handled(self, run_id: str, group: str, counts: Counts) -> bool:
        """Take a group off its segment and add its counts, unless it was taken off; return whether it was the last."""
        more = added(counts)
        adds = f"ADD {', '.join(f'{name} :{name}' for name in more)} " if more else ""
        values = {":group": {group}, ":id": group} | {f":{name}": value for name, value in more.items()}
        key = segment_key(run_id, segment_of(group))
        left = self._updated(key, f"{adds}DELETE run_groups :group", "contains(run_groups, :id)", values)
        return left is not None and "run_groups" not in left

    def count(self, run_id: str, counts: Counts) -> None:
        """Add ``counts`` to those of the run."""
        if more := added(counts):
            expression = "ADD " + ", ".join(f"{name} :{name}" for name in more)
            values = {f":{name}": value for name, value in more.items()}
            self._update(run_key(run_id), expression, "attribute_exists(pk)", values)

    def spend(self, run: Run, calls: int, units: int = 0) -> bool:
        """Take calls and units out of what the run may use; return False if too few are left."""
        conditions, values = ["attribute_exists(pk)"], {":calls": calls, ":units": units}
        if run.max_calls:
            conditions.append("(attribute_not_exists(c_calls) OR c_calls <= :calls_left)")
            values[":calls_left"] = run.max_calls - calls
        conditions.append("(attribute_not_exists(c_units) OR c_units <= :units_left)")
        values[":units_left"] = run.listing.max_units - units
        if (run.max_calls and calls > run.max_calls) or units > run.listing.max_units:
            return False
        return self._update(run_key(run.id), "ADD c_calls :calls, c_units :units", " AND ".join(conditions), values)

    def end(self, run: Run, now: int) -> bool:
        """Mark a run as done, if it is in the pass in which ``run`` was found to be through."""
        return self._update(
            run_key(run.id),
            "SET #status = :done, ended_at = :now REMOVE due, due_at",
            "#status = :running AND epoch = :epoch",
            {":done": "done", ":now": now, ":epoch": run.epoch},
        )

    def restart_pass(self, run: Run, due_at: int) -> bool:
        """Start another pass at ``due_at`` (ms), if it is in the pass in which ``run`` was found to be through."""
        return self._update(
            run_key(run.id),
            "SET epoch = epoch + :one, due_at = :at",
            "#status = :running AND epoch = :epoch",
            {":one": 1, ":at": due_at, ":epoch": run.epoch},
        )

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        """Pause or cancel a run that has not ended."""
        values = {":status": status, ":why": why, ":now": now, ":paused": "paused"}
        return self._update(
            run_key(run_id),
            "SET #status = :status, why = :why, ended_at = :now REMOVE due, due_at",
            "#status IN (:running, :paused)",
            values,
        )

    def resume(self, run: Run) -> bool:
        """Resume a paused run, from the beginning of every segment."""
        values = {":paused": "paused", ":none": "", ":one": 1, ":zero": 0, ":kind": DUE, ":epoch": run.epoch}
        return self._update(
            run_key(run.id),
            "SET #status = :running, why = :none, epoch = epoch + :one, ended_at = :zero, free_at = :zero, "
            "due = :kind, due_at = :zero",
            "#status = :paused AND epoch = :epoch",
            values,
        )

    def _items(self, keys: list[str]) -> dict[str, Item]:
        """Return the items that there are, by key."""
        return {item["pk"]["S"]: item for item in items_of(self._client, self._table, keys)}

    def _update(self, key: str, update: str, condition: str, values: dict[str, Any]) -> bool:
        return self._updated(key, update, condition, values) is not None

    def _updated(self, key: str, update: str, condition: str, values: dict[str, Any]) -> Item | None:
        """Return the attributes that were changed, as they are now, or None if the condition does not hold."""
        text = f"{update} {condition}"
        values = values | ({":running": "running"} if ":running" in text else {})
        with asking("DynamoDB"):
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": key}},
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=to_item(values),
                    ReturnValues="UPDATED_NEW",
                    **({"ExpressionAttributeNames": {"#status": "status"}} if "#status" in text else {}),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return None
        changed: Item = answer.get("Attributes", {})
        return changed
