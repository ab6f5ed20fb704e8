"""Dutch."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    function="het een van zijn dat voor niet aan er om ook maar bij uit naar wordt werd heeft zij hij ik",
    pronouns="hij zij het",
    denials="no: niet geen nooit niemand niets zonder",
)
