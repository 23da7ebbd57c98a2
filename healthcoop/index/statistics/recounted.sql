-- The numbers of different codes, where a party counts as another (heirs.sql): two may now be one.
UPDATE chosen SET
  countries = (
    SELECT count(DISTINCT code) FROM side WHERE record = chosen.id AND NOT organisation
  ),
  parties = (SELECT count(DISTINCT code) FROM side WHERE record = chosen.id)
WHERE id IN (SELECT record FROM party JOIN heir ON heir.former = party.code);
