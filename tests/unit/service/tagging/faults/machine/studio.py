"""What must hold in a small Cloudinary account once everything was delivered and nothing is due."""

from autotag.domain.decisions.replay import replay
from autotag.domain.model.labels import label_key
from autotag.domain.review.waiting import asked_tags, waiting_samples
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import due_work
from autotag.domain.state.tag_ownership import active_preferences
from tests.unit.service.tagging.faults.machine.cloudinary_account import LABELS, CloudinaryAccount, Expected


class Studio(CloudinaryAccount):
    """A Cloudinary account, and the checks of what must hold in it at rest."""

    def check(self) -> None:
        """Assert what must hold once everything was delivered and nothing is due."""
        for asset_id, expected in self.assets.items():
            if asset_id in self.deleted:
                self._check_gone(asset_id)
            else:
                self._check_asset(asset_id, expected)
        for asset_id, times in self.asked_for.items():
            if asset_id not in self.assets:
                reads = self.fakes.cloudinary.missed.count(asset_id)
                assert reads <= times + self.deaths, "a hint is read more than once"
        for asset_id, state in self.fakes.store.items.items():
            assert due_work(state) is None and state.dirty is None, f"{asset_id} is not finished"
            assert not state.claims or state.status == "gone", f"{asset_id} has open claims"
        assert {audit.audit_id for audit in self.fakes.bus.sent} == set(self.fakes.audits.records)
        for audit in self.fakes.audits.records.values():
            assert not replay(audit, self.books[audit.rules.version]), f"{audit.audit_id} does not replay"

    def _check_gone(self, asset_id: str) -> None:
        assert self.fakes.store.items[asset_id].status == "gone"
        assert asked_tags(self.fakes.store.items[asset_id]) == (), f"{asset_id} is gone and waits for an answer"

    def _check_samples(self, state: AssetState) -> None:
        """A sample waits until it is answered or a person decides; its answer is what they said in the queue."""
        held, labels = active_preferences(state), state.categorizations["aws_rek_tagging"].labels
        assert {sample.label for sample in state.samples.values()} <= {label_key(label.name) for label in labels}
        assert waiting_samples(state).keys() == {
            key for key, sample in state.samples.items() if not sample.answer and key not in held
        }
        for key, sample in state.samples.items():
            preference = state.people.get(key)
            if sample.answer:
                assert preference is not None and preference.at >= sample.answered_at > 0
            if preference is not None and preference.answer and not preference.withdrawn:
                assert sample.answer == ("accept" if preference.want == "add" else "reject"), f"{key}: {preference}"

    def _check_asset(self, asset_id: str, expected: Expected) -> None:
        state, body = self.fakes.store.items[asset_id], self.body(asset_id)
        tags = set(body["tags"])
        assert state.status in ("tagged", "unchanged"), f"{asset_id} is {state.status}"
        assert (state.asset.public_id, state.asset.version) == (body["public_id"], body["version"])
        self._check_samples(state)
        for tag, op in expected.people.items():
            if tag in expected.uploaded and op == "remove":
                continue  # removed from an older version, brought again by the upload of this one: or removed since
            assert (tag in tags) == (op == "add"), f"a person's {op} of {tag} on {asset_id} was undone: {tags}"
        for tag in expected.set_by_upload - expected.people.keys():
            assert tag in tags, f"{tag} came with the upload of {asset_id} and is gone"
        for preference in active_preferences(state).values():
            if preference.tag not in expected.uploaded:
                assert (preference.tag in tags) == (preference.want == "add"), (
                    f"{preference} does not hold on {asset_id}: {tags}"
                )
        labels = body["info"]["categorization"]["aws_rek_tagging"]["data"]
        wanted = {entry["tag"] for entry in labels if entry["confidence"] >= self.bar}
        ruled = set(LABELS) - expected.loose
        assert tags & ruled == wanted & ruled, f"{asset_id} has {tags}, the rules want {wanted}"
        facts = state.facts
        assert facts is not None and facts.folder == body["asset_folder"], f"{asset_id}: another folder is known"
        assert facts.context == body["context"]["custom"], f"{asset_id}: another context is known"
        assert ("filed" in tags) == (facts.folder == "press"), f"{asset_id} is in {facts.folder} and has {tags}"
        assert ("licensed" in tags) == bool(facts.context), f"{asset_id} has {facts.context} and {tags}"
        assert set(state.managed_tags) <= tags, f"{asset_id}: a tag of ours does not stand"
        assert not set(state.managed_tags) & {tag for tag, op in expected.people.items() if op == "add"}
