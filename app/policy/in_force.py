"""The policy that this deployment runs under, as its settings say."""

from app.policy.tables import Policy, load
from app.settings import get_settings


def policy_in_force() -> Policy:
    """Read once per folder and kept. Raises BrokenTable."""
    return load(get_settings().policy_folder)
