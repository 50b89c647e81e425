"""Every table has its time: it is purged, goes with what is purged, or is kept with the reason."""

from app.policy.in_words import kept
from app.policy.retention import Kept
from app.policy.tables import load
from app.retention.stages import GO_WITH, KEPT, STAGES
from app.settings import get_settings
from app.tables import metadata


def test_every_table_is_purged_or_kept_with_a_reason_and_none_is_both():
    listed = [*(table for stage in STAGES for table in stage.tables), *GO_WITH, *KEPT]
    assert sorted(listed) == sorted(metadata.tables)


def test_every_kind_that_the_policy_times_is_told_in_words():
    policy, today = load(), get_settings().today
    assert len(kept(policy, today)) == len(Kept)


def test_every_stage_has_a_name_of_its_own_that_the_audit_can_hold():
    keys = [stage.key for stage in STAGES]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 40
