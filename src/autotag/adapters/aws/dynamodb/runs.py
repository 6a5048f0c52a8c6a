"""Bulk runs in the State table: one item for each run, and one that lists the last runs.

A run that is to be advanced is in the due index under ``RUN#0``, like assets under their own kinds.
"""

from contextlib import suppress
from typing import Any

import msgspec

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import SHAPE, Item, from_item, item_size, pack, require_shape, to_item, unpack
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.errors import Invalid
from autotag.domain.runs.run import Counts, Group, Run, RunStatus, initial_cursors

_DUE = "RUN#0"
_LIST = {"pk": {"S": "RUNS"}}
_LISTED = 50
_MOST = 64 * 1024
"""Bytes of a new run at most: each of its writes costs as many, and the groups in flight must fit beside them."""

_PLAIN = ("filter", "undo", "listing", "moves")
_NOTHING = "size(cursors) = :zero AND size(outbox) = :zero AND attribute_not_exists(run_groups)"
_OUTBOX = msgspec.json.Decoder(tuple[Group, ...])


class DynamoRunStore:
    """Implements the ``Runs`` port."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def create(self, run: Run) -> None:
        """List a new run and store it, due at once; raises ``Invalid`` if its parameters are too large for an item.

        It is listed first: a failure in between leaves an id without a run, not a run that is not listed.
        """
        item = _item(run)
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
        """Return a run by a consistent read."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_key(run_id), ConsistentRead=True)
        return _run(answer["Item"]) if "Item" in answer else None

    def recent(self) -> list[Run]:
        """Return the last runs, the newest first."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_LIST, ConsistentRead=True)
        ids = from_item(answer["Item"])["ids"] if "Item" in answer else []
        once = dict.fromkeys(ids[:_LISTED])  # the client repeats a call whose response was lost
        return [run for run_id in once if (run := self.load(run_id)) is not None]

    def due(self, now: int) -> list[str]:
        """Return the ids of running runs that are due."""
        found = queried(
            self._client,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="due = :kind AND due_at <= :now",
            ExpressionAttributeValues=to_item({":kind": _DUE, ":now": now}),
        )
        return [item["pk"]["S"].removeprefix("RUN#") for item in found]

    def postpone(self, run_id: str, due_at: int) -> None:
        """Make a run wait until ``due_at`` (ms), unless it was stopped."""
        self._update(run_id, "SET due_at = :at", "#status = :running", {":at": due_at})

    def hold(self, run_id: str, now: int, until: int) -> bool:
        """Lock a running run until ``until`` (ms); return False if another process holds it."""
        condition = "#status = :running AND (attribute_not_exists(held_until) OR held_until <= :now)"
        return self._update(run_id, "SET held_until = :until", condition, {":now": now, ":until": until})

    def release(self, run_id: str, until: int) -> None:
        """Release a run that is locked until ``until`` (ms)."""
        self._update(run_id, "REMOVE held_until", "held_until = :until", {":until": until})

    def planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        """Store the groups and counts of a page and its segment's next cursor, if the run did not move on or stop."""
        sets, removes, adds = ["pages = pages + :one"], [], ["c_seen :seen", "c_planned :planned", "c_units :units"]
        values: dict[str, Any] = {":one": 1, ":seen": counts.seen, ":planned": counts.planned, ":epoch": run.epoch}
        values |= {":before": run.cursors[segment], ":pages": run.pages, ":units": counts.units}
        if counts.renamed:
            adds.append("c_renamed :renamed")
            values[":renamed"] = counts.renamed
        names = {"#segment": segment}
        if cursor is None:
            removes.append("cursors.#segment")
        else:
            sets.append("cursors.#segment = :cursor")
            values[":cursor"] = cursor
        if groups:
            sets.append("outbox.#segment = :outbox")
            adds.append("run_groups :groups")
            values |= {":outbox": pack(groups), ":groups": {group.id for group in groups}}
        parts = [f"SET {', '.join(sets)}", f"ADD {', '.join(adds)}"]
        parts += [f"REMOVE {', '.join(removes)}"] if removes else []
        condition = "#status = :running AND epoch = :epoch AND pages = :pages AND cursors.#segment = :before"
        return self._update(run.id, " ".join(parts), condition, values, names)

    def queued(self, run: Run, segment: str, free_at: int) -> None:
        """Empty the outbox of a segment, if no page was stored since ``run`` was read."""
        values = {":epoch": run.epoch, ":pages": run.pages, ":free": free_at}
        condition = "epoch = :epoch AND pages = :pages"
        update = "SET free_at = :free REMOVE outbox.#segment"
        self._update(run.id, update, condition, values, {"#segment": segment})

    def handled(self, run_id: str, group: str, counts: Counts) -> None:
        """Remove a group from those in flight and add its counts, unless it was removed before."""
        added = _added(counts)
        adds = f"ADD {', '.join(f'c_{name} :{name}' for name in added)} " if added else ""
        values = {":group": {group}, ":id": group} | {f":{name}": value for name, value in added.items()}
        self._update(run_id, f"{adds}DELETE run_groups :group", "contains(run_groups, :id)", values)

    def count(self, run_id: str, counts: Counts) -> None:
        """Add ``counts`` to those of the run."""
        if added := _added(counts):
            expression = "ADD " + ", ".join(f"c_{name} :{name}" for name in added)
            values = {f":{name}": value for name, value in added.items()}
            self._update(run_id, expression, "attribute_exists(pk)", values)

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
        return self._update(run.id, "ADD c_calls :calls, c_units :units", " AND ".join(conditions), values)

    def end(self, run_id: str, now: int) -> bool:
        """Mark a run as done, if it has no work left."""
        return self._update(
            run_id,
            "SET #status = :done, ended_at = :now REMOVE due, due_at",
            f"#status = :running AND {_NOTHING} AND (attribute_not_exists(c_missed) OR c_missed = :zero)",
            {":done": "done", ":now": now, ":zero": 0},
        )

    def restart_pass(self, run: Run, due_at: int) -> bool:
        """Start another pass at ``due_at`` (ms), if no other work is left."""
        values = {":all": initial_cursors(run.action), ":one": 1, ":zero": 0, ":at": due_at, ":epoch": run.epoch}
        return self._update(
            run.id,
            "SET cursors = :all, epoch = epoch + :one, due_at = :at REMOVE c_missed",
            f"#status = :running AND epoch = :epoch AND {_NOTHING}",
            values,
        )

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        """Pause or cancel a run that has not ended."""
        values = {":status": status, ":why": why, ":now": now, ":paused": "paused"}
        return self._update(
            run_id,
            "SET #status = :status, why = :why, ended_at = :now REMOVE due, due_at",
            "#status IN (:running, :paused)",
            values,
        )

    def resume(self, run: Run) -> bool:
        """Resume a paused run, from the beginning of every segment."""
        values = {
            ":paused": "paused",
            ":none": "",
            ":no": {},
            ":all": initial_cursors(run.action),
            ":one": 1,
            ":zero": 0,
        }
        return self._update(
            run.id,
            "SET #status = :running, why = :none, cursors = :all, outbox = :no, epoch = epoch + :one, "
            "ended_at = :zero, free_at = :zero, due = :kind, due_at = :zero REMOVE run_groups, c_missed",
            "#status = :paused AND epoch = :epoch",
            {**values, ":kind": _DUE, ":epoch": run.epoch},
        )

    def _update(
        self, run_id: str, update: str, condition: str, values: dict[str, Any], names: dict[str, str] | None = None
    ) -> bool:
        text = f"{update} {condition}"
        values = values | ({":running": "running"} if ":running" in text else {})
        used = (names or {}) | ({"#status": "status"} if "#status" in text else {})
        with asking("DynamoDB"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_key(run_id),
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=to_item(values),
                    **({"ExpressionAttributeNames": used} if used else {}),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _added(counts: Counts) -> dict[str, int]:
    return {name: value for name, value in msgspec.to_builtins(counts).items() if value}


def _key(run_id: str) -> Item:
    return {"pk": {"S": f"RUN#{run_id}"}}


def _item(run: Run) -> Item:
    fields = msgspec.to_builtins(run)
    for name in ("outbox", "groups", "counts"):
        del fields[name]
    fields |= {name: pack(getattr(run, name)) for name in _PLAIN}
    return to_item({"pk": f"RUN#{run.id}", "v": SHAPE, **fields, "outbox": {}, "due": _DUE, "due_at": run.created_at})


def _run(item: Item) -> Run:
    require_shape(item, f"run {item['pk']['S'].removeprefix('RUN#')}")
    fields = from_item(item)
    fields |= {name: msgspec.json.decode(unpack(fields[name])) for name in _PLAIN if name in fields}
    fields["outbox"] = {segment: _OUTBOX.decode(unpack(packed)) for segment, packed in fields["outbox"].items()}
    fields["groups"] = fields.get("run_groups", set())
    fields["counts"] = {name[2:]: value for name, value in fields.items() if name.startswith("c_")}
    return msgspec.convert(fields, Run)
