"""The people, channels and user groups that a workspace begins with."""

from dataclasses import dataclass, field, replace

from bot.sandbox.slack.model import Channel, User

TEAM = "T0SANDBOX"
OTHER_TEAM = "T0PARTNER"
BOT_USER = "U0SYNCBOT"


@dataclass(frozen=True)
class Roster:
    """What `World` starts from. It is copied: one roster can start many worlds."""

    users: tuple[User, ...]
    channels: tuple[Channel, ...]
    user_groups: dict[str, frozenset[str]] = field(default_factory=dict)
    team_id: str = TEAM
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    bot_user_id: str = BOT_USER

    def fresh_channels(self) -> dict[str, Channel]:
        return {channel.id: replace(channel, members=set(channel.members)) for channel in self.channels}


def _person(user_id: str, name: str, real_name: str, team_id: str = TEAM, *, guest: bool = False) -> User:
    domain = "sandbox.example" if team_id == TEAM else "partner.example"
    return User(user_id, name, real_name, f"{name}@{domain}", team_id, is_restricted=guest)


ADA = _person("U0ADA", "ada", "Ada Keller")
OMAR = _person("U0OMAR", "omar", "Omar Haddad")
VERA = _person("U0VERA", "vera", "Vera Lindt")
NILS = _person("U0NILS", "nils", "Nils Berg")
OLGA = _person("U0OLGA", "olga", "Olga Petrova", OTHER_TEAM)
GUS = _person("U0GUS", "gus", "Gus Moreau", guest=True)
PEOPLE = (ADA, OMAR, VERA, NILS, OLGA, GUS)

ALERTS = "C0ALERTS"
IT_OPS = "C0ITOPS"
GENERAL = "C0GENERAL"


def small_company() -> Roster:
    """Ada is admin, Omar operator, Vera viewer, Nils nobody, Olga an outsider, Gus a guest."""
    staff = {ADA.id, OMAR.id, VERA.id}
    everybody = {person.id for person in PEOPLE}
    return Roster(
        users=PEOPLE,
        channels=(
            Channel(ALERTS, "sync-alerts", staff | {OLGA.id, BOT_USER}),
            Channel(IT_OPS, "it-ops", staff | {GUS.id, BOT_USER}),
            Channel(GENERAL, "general", everybody),
        ),
        user_groups={"S0ADMINS": frozenset({ADA.id}), "S0OPERATORS": frozenset({ADA.id, OMAR.id})},
    )
