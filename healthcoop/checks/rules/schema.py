"""HC2: what `schema/record.schema.json` asks of fields, shapes, codes and lengths."""

from healthcoop.checks.rules.registry import declare

declare("HC201", "unknown-field", "A field that the format does not have; often a slip of the pen.")
declare("HC202", "missing-field", "A field that every record needs.")
declare("HC203", "shape", "Text where a list is wanted, a list where text is wanted, and so on.")
declare("HC204", "unknown-code", "A value that is not in the vocabulary or list it comes from.")
declare("HC205", "form", "A text that does not have the form its field asks for.")
declare("HC206", "length", "A text that is too short or too long.")
declare("HC207", "empty", "A list or mapping with nothing in it: leave the field out.")
declare("HC208", "doubled", "A list that names one thing twice.")
declare("HC209", "schema", "Something else that the schema asks for.")
declare(
    "HC299",
    "validators-disagree",
    "The compiled validator refuses a record in which jsonschema finds nothing wrong.",
)
