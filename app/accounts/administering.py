"""What an administrator does with accounts: inviting, roles, disabling, lost phones, portfolios. Each is audited.

Every function raises Forbidden (403) for who may not manage users, and NotFound (404) for an account that is not there.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.accounts import grants, links, rate_limits, second_factor, service, tokens, ways_in
from app.accounts.access import Actor
from app.accounts.models import RoleGrant, User
from app.accounts.people import Person, State, may_manage, people, person, user_to_manage
from app.accounts.permissions import Role
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.addresses import email_address
from app.core.db import take_turns
from app.core.errors import Conflict, NotFound, Refused
from app.settings import get_settings

__all__ = ["Person", "State", "people", "person"]


def invite_person(
    db: Session, actor: Actor, email: str, name: str, role: str, organisation: str | None = None
) -> tuple[User, str]:
    """A new account with a role, and the link of its invitation, which is in the outbox too.

    `organisation` is a code, or a nation's name for a health department. Raises Refused (422) or Conflict (409).
    """
    may_manage(actor)
    _not_too_many_links(db, actor)
    email, name = email_address(email), _name(name)
    grant = grants.wanted(db, role, organisation)
    take_turns(db, [f"invite:{email}"])
    if service.has_account(db, email):
        raise Conflict(f"There is an account {email} already. Open it to give it a role or to send its link again.")
    user = User(email=email, name=name or email, created_at=clock.real_now())
    db.add(user)
    db.flush()
    _grant(db, actor, user, grant)
    return user, links.invite(db, actor, user, get_settings().base_url)


def send_link_again(db: Session, actor: Actor, user_id: str) -> str:
    """A new invitation, or a link for a new password for who has one; the link before it ends. Gives the link."""
    user = _enabled(user_to_manage(db, actor, user_id))
    _not_too_many_links(db, actor)
    send = links.invite if user.password_hash is None else links.send_reset
    return send(db, actor, user, get_settings().base_url)


def grant_role(db: Session, actor: Actor, user_id: str, role: str, organisation: str | None = None) -> RoleGrant:
    """One more role. Raises Refused (422) for what does not go together, Conflict (409) when it is held already, for
    one's own account, and for a role that is kept apart from one that is held.
    """
    user = _enabled(user_to_manage(db, actor, user_id))
    _not_oneself(actor, user, "give a role to")
    return _grant(db, actor, user, grants.wanted(db, role, organisation))


def revoke_role(db: Session, actor: Actor, user_id: str, grant_id: str) -> None:
    """Takes one role away. Raises Conflict (409) for one's own and for the last administrator's role."""
    user = user_to_manage(db, actor, user_id)
    grant = db.get(RoleGrant, grant_id) if grant_id.isprintable() else None
    if grant is None or grant.user_id != user.id:
        raise NotFound
    if grant.role == Role.ADMIN:
        _not_oneself(actor, user, "take the administrator's role from")
        _another_admin(db, user)
    db.delete(grant)
    db.flush()
    record(
        db, actor, AuditAction.ROLE_REVOKED, "user", user.id, grant.organisation_code,
        role=grant.role, nation=grant.nation,
    )  # fmt: skip


def disable(db: Session, actor: Actor, user_id: str) -> None:
    """Nobody comes in with this account from here on: sessions, tokens and links end. Its roles stay for later."""
    user = user_to_manage(db, actor, user_id)
    _not_oneself(actor, user, "disable")
    _another_admin(db, user)
    if user.disabled_at is not None:
        return
    user.disabled_at = clock.real_now()
    db.add(user)
    links.end_all(db, user.id)
    record(db, actor, AuditAction.USER_DISABLED, "user", user.id, tokens=ways_in.close(db, actor, user.id))


def enable(db: Session, actor: Actor, user_id: str) -> None:
    user = user_to_manage(db, actor, user_id)
    if user.disabled_at is None:
        return
    user.disabled_at = None
    db.add(user)
    record(db, actor, AuditAction.USER_ENABLED, "user", user.id)


def reset_second_factor(db: Session, actor: Actor, user_id: str) -> None:
    """For a lost phone: where a second factor is needed, the next sign-in sets it up anew. Sessions and tokens end."""
    user = user_to_manage(db, actor, user_id)
    second_factor.remove(db, actor, user)
    ways_in.close(db, actor, user.id)


def end_sessions(db: Session, actor: Actor, user_id: str) -> None:
    """Signs the person out everywhere, programs with tokens too, for example for a browser left open."""
    user = user_to_manage(db, actor, user_id)
    ways_in.close(db, actor, user.id)
    record(db, actor, AuditAction.SESSIONS_ENDED, "user", user.id)


def end_tokens(db: Session, actor: Actor, user_id: str) -> None:
    """Ends every token of a person, whose browsers stay signed in. Raises Conflict (409) when there is none."""
    user = user_to_manage(db, actor, user_id)
    if not tokens.end_all(db, actor, user.id):
        raise Conflict("This person has no token that lets anybody in. Nothing was changed.")


def manager(db: Session, actor: Actor, user_id: str) -> Person:
    """Somebody who has a portfolio to change or to move. Raises Conflict (409) for who has none."""
    found = person(db, actor, user_id)
    if all(grant.role != Role.LPM for grant in found.grants):
        raise _no_manager(found)
    return found


def set_portfolio(db: Session, actor: Actor, user_id: str, codes: Sequence[str]) -> None:
    """The organisations an LPM looks after, in place of those before. None leaves the role without a portfolio."""
    user = _enabled(user_to_manage(db, actor, user_id))
    _not_oneself(actor, user, "change the portfolio of")
    held = _lpm_grants(db, user)
    wanted = [grants.wanted(db, Role.LPM, code) for code in dict.fromkeys(codes)] or [grants.wanted(db, Role.LPM, None)]
    kept = {grant.organisation_code for grant in wanted}
    for grant in held:
        if grant.organisation_code not in kept:
            db.delete(grant)
    db.flush()
    for grant in wanted:
        grants.give(db, user, grant)
    record(db, actor, AuditAction.PORTFOLIO_SET, "user", user.id, codes=sorted(code for code in kept if code))


def take_over_portfolio(db: Session, actor: Actor, from_user: str, to_user: str) -> list[str]:
    """Moves every LPM grant of one person to another, for a change of hands. Gives the codes that moved."""
    giver, taker = user_to_manage(db, actor, from_user), _enabled(user_to_manage(db, actor, to_user))
    if giver.id == taker.id:
        raise Refused("A portfolio moves from one person to another. Choose two different people.")
    _not_oneself(actor, taker, "move a portfolio to")
    moving = _lpm_grants(db, giver)
    has = {grant.organisation_code for grant in grants.of_user(db, taker.id) if grant.role == Role.LPM}
    for grant in moving:
        if grant.organisation_code in has:
            db.delete(grant)
        else:
            grant.user_id, grant.granted_at = taker.id, clock.real_now()
            db.add(grant)
    db.flush()
    codes = sorted(grant.organisation_code for grant in moving if grant.organisation_code)
    record(db, actor, AuditAction.PORTFOLIO_TAKEN_OVER, "user", taker.id, codes=codes, of=giver.id)
    return codes


def _grant(db: Session, actor: Actor, user: User, grant: RoleGrant) -> RoleGrant:
    if not grants.give(db, user, grant):
        raise Conflict("This person has this role already. Nothing was changed.")
    record(
        db, actor, AuditAction.ROLE_GRANTED, "user", user.id, grant.organisation_code,
        role=str(grant.role), nation=grant.nation,
    )  # fmt: skip
    return grant


def _not_too_many_links(db: Session, actor: Actor) -> None:
    """Raises TooMany (429), but not for the command line."""
    if not actor.unlimited:
        rate_limits.hit(db, rate_limits.INVITATIONS, actor.id)


def _lpm_grants(db: Session, user: User) -> list[RoleGrant]:
    """Held until the transaction ends, so that two who move the same portfolio come one after the other."""
    take_turns(db, [f"portfolio:{user.id}"])
    held = [grant for grant in grants.of_user(db, user.id) if grant.role == Role.LPM]
    if not held:
        raise _no_manager(user)
    return held


def _no_manager(who: User | Person) -> Conflict:
    return Conflict(f"{who.name} is no Local Partnership Manager, so there is no portfolio. Give the role first.")


def _enabled(user: User) -> User:
    if user.disabled_at is not None:
        raise Conflict(f"The account of {user.name} is disabled. Enable it first.")
    return user


def _not_oneself(actor: Actor, user: User, what: str) -> None:
    if actor.id == user.id:
        raise Conflict(f"You cannot {what} your own account. Ask another administrator.")


def _another_admin(db: Session, user: User) -> None:
    """Raises Conflict when nobody else could administer. Two who remove each other at once come one after the other."""
    take_turns(db, ["administrators"])
    admins = select(User.id).join(RoleGrant, col(RoleGrant.user_id) == col(User.id))
    enabled = db.exec(admins.where(RoleGrant.role == Role.ADMIN, col(User.disabled_at).is_(None))).all()
    if set(enabled) == {user.id}:
        raise Conflict("This is the last administrator. Give somebody else the administrator's role first.")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > 120 or not name.isprintable():
        raise Refused("A name has at most 120 characters, without control characters. Shorten it.")
    return name
