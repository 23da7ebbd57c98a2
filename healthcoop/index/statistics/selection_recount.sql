-- Count the different codes again where a party is counted as another one (successor.sql): two may
-- now be one.
UPDATE selection SET
  countries = (
    SELECT count(DISTINCT code) FROM side WHERE record = selection.id AND NOT organisation
  ),
  parties = (SELECT count(DISTINCT code) FROM side WHERE record = selection.id)
WHERE id IN (SELECT record FROM party JOIN successor ON successor.former = party.code);
