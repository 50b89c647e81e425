"""Who is acting and how far that reaches. `Actor.scope` is the only test of which organisations somebody may see."""

from dataclasses import dataclass

from app.accounts.permissions import REACH, ROLE_PERMISSIONS, Permission, Reach, Role, reaches_everywhere


@dataclass(frozen=True)
class Grant:
    """One role of one person. `codes` are the organisations that it names today, with their predecessors.

    `covers_for` is the manager whose grant this is, while this person covers for them.
    """

    role: Role
    organisation: str | None = None
    codes: frozenset[str] = frozenset()
    covers_for: str | None = None

    def gives(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.role]

    def gives_everywhere(self, permission: Permission) -> bool:
        return self.gives(permission) and reaches_everywhere(self.role, permission)


@dataclass(frozen=True)
class Actor:
    """A person who is signed in, or the command line. `id` is what audit and history keep.

    `sends_mail`: whether people are written to about what this actor does. Not about what is loaded from the past.
    """

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    unlimited: bool = False
    sends_mail: bool = True

    def may(self, permission: Permission) -> bool:
        """Whether any role allows it, for whichever organisation."""
        return self.unlimited or any(grant.gives(permission) for grant in self.grants)

    def scope(self, permission: Permission) -> frozenset[str] | None:
        """The organisations for which this is allowed; None means every organisation."""
        if self.unlimited or any(grant.gives_everywhere(permission) for grant in self.grants):
            return None
        return frozenset[str]().union(*(grant.codes for grant in self.grants if grant.gives(permission)))

    def reach(self) -> frozenset[str] | None:
        """The organisations that anything of theirs can be about; None where one role reaches everywhere. What the
        second wall is told: it knows no permissions, and is never asked in place of `scope`.
        """
        if self.unlimited or any(REACH[grant.role] is Reach.EVERYWHERE for grant in self.grants):
            return None
        return frozenset[str]().union(*(grant.codes for grant in self.grants))

    def sees(self, permission: Permission, code: str) -> bool:
        scope = self.scope(permission)
        return scope is None or code in scope

    def is_on_behalf(self, permission: Permission, code: str) -> bool:
        """Whether this person acts for the organisation from outside: the Debtors Team, not the trust itself."""
        return not self.unlimited and not any(
            grant.gives(permission) and code in grant.codes for grant in self.grants if grant.role is Role.TRUST
        )


COMMAND_LINE = Actor("command line", "command line", unlimited=True, sends_mail=False)
WORKER = Actor("worker", "worker", unlimited=True)  # what the service does by itself
