"""Swedish."""

from corrections_service.rules.lexicon.words import Words

WORDS = Words(
    function="det som är och att på för av med till ett inte om från ska jag han hon",
    pronouns="han hon det de",
    denials="no: inte utan aldrig ingen inget inga",
)
