"""Which cards can be shared in a channel, and what the shared copy is without."""

from blocks.actions import Action
from tests.gallery.catalogue import catalogue
from tests.gallery.shots import Shot
from tests.unit.blocks.reading import objects

SHOTS = [shot for shot in catalogue() if shot.surface == "message" and not shot.is_extreme]
COPIES = {shot.card: shot for shot in SHOTS if shot.state == "shared"}
FOR_NO_CHANNEL = {"audit", "last good", "choice", "not found"}
"""Who did what is for those who ask for it, as is what a run did; the others ask something back."""


def offers_to_share(shot: Shot) -> bool:
    return any(one.get("action_id") == Action.CARD_SHARE for one in objects(shot.payload["blocks"]))


def test_every_card_but_those_for_no_channel_can_be_shared() -> None:
    assert {shot.card for shot in SHOTS if offers_to_share(shot)} == set(COPIES) - FOR_NO_CHANNEL


def test_a_copy_is_not_shared_again() -> None:
    assert [card for card, copy in COPIES.items() if offers_to_share(copy)] == []
