"""Who a person of the OpenID Connect issuer is here, and which roles their groups there give them.

A person is known by the issuer's `sub`, which never changes and is nobody else's (OpenID Connect Core, section 5.7).
Where the operator allows it, somebody's first sign-in may be known by an e-mail address that the issuer has verified;
from then on their `sub` counts. No account comes into being by itself: whom the facility does not know stays outside.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from panfair.site.catalogue.errors import NoSession, NoSuchRow
from panfair.site.catalogue.settings import INSTRUMENT_ROLE, OpenIdSettings
from panfair.site.catalogue.store.accounts import Accounts

log = logging.getLogger("panfair.catalogue")


@dataclass(frozen=True, slots=True)
class Person:
    """What a checked id_token says of somebody."""

    subject: str
    email: str | None
    """Verified by the issuer; None: it says nothing, or not that."""
    groups: frozenset[str]


def person_in(claims: Mapping[str, Any], groups_claim: str) -> Person:
    """The person of an id_token's claims. Raises NoSession when it does not say who it is."""
    subject, email, groups = claims.get("sub"), claims.get("email"), claims.get(groups_claim)
    if not isinstance(subject, str) or not subject:
        raise NoSession("the issuer did not say who it is")
    verified = isinstance(email, str) and "@" in email and claims.get("email_verified") is True
    said = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Person(subject, email if verified else None, frozenset(one for one in said if isinstance(one, str)))


def account_of(accounts: Accounts, person: Person, table: OpenIdSettings) -> int:
    """The row of a person's account, with the roles that their groups give today. Raises NoSession for a stranger."""
    user = accounts.user_of_subject(person.subject)
    if user is None and table.first_sign_in_by_email and person.email:
        user = accounts.user_to_know_by_email(person.email)
        if user is not None:
            accounts.set_subject(accounts.name_of(user), person.subject)
    if user is None:
        raise NoSession("there is no account here for this person; ask the user office")
    _set_roles(accounts, user, person.groups, table.groups)
    return user


def _set_roles(accounts: Accounts, user: int, groups: Iterable[str], given: Mapping[str, tuple[str, ...]]) -> None:
    """Gives what the groups give, and takes what a group gives that somebody is not of; all other roles stay."""
    held = {role for group in groups for role in given.get(group, ())}
    for role in sorted({role for roles in given.values() for role in roles}):
        if not role.startswith(INSTRUMENT_ROLE):
            accounts.set_right(accounts.name_of(user), role, role in held)
            continue
        try:
            accounts.set_scientist(user, role.removeprefix(INSTRUMENT_ROLE), role in held)
        except NoSuchRow as error:
            log.warning("[open_id.groups] gives a role that cannot be given: %s", error)
