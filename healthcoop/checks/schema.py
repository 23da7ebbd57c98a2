"""The JSON Schema of a record: schema violations in sentences, and a schema file that differs.

Records are validated with the schema that is generated from the table of fields and the
vocabularies. The file in a data set is data: it is compared with the generated schema, and no
reference, pattern or keyword of it is ever used.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from healthcoop.checks.finding_builder import FindingBuilder
from healthcoop.checks.findings import Finding, Problem
from healthcoop.checks.registry import rules
from healthcoop.checks.schema_messages import Violation, explain
from healthcoop.files.location import SCHEMA_PATH
from healthcoop.files.nodes import Pointer
from healthcoop.model.json_schema import record_schema
from healthcoop.model.vocabulary import Vocabulary

try:
    import jsonschema_rs
except ImportError:  # no wheel for this platform
    jsonschema_rs = None  # type: ignore[assignment,unused-ignore]

HAS_FAST_VALIDATOR = jsonschema_rs is not None
MAX_PROBLEMS = 100
"""Of a record with more problems than this, the others are not reported."""


class RecordSchema:
    """The generated schema of a data set.

    jsonschema-rs (in Rust) decides whether a record is valid, two hundred times as fast as
    jsonschema, which explains what is wrong with the others.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Generate the schema with the codes of the vocabulary."""
        self._vocabulary = vocabulary
        self._schema = record_schema(vocabulary)
        self._fast = HAS_FAST_VALIDATOR and jsonschema_rs.Draft7Validator(
            self._schema, validate_formats=False, retriever=_refuse
        )

    @cached_property
    def _validator(self) -> Any:
        """The validator that explains; its import takes long, and few runs need it."""
        import jsonschema

        return jsonschema.Draft7Validator(_for_python(self._schema, self._schema["definitions"]))

    def is_valid(self, data: Mapping[str, Any]) -> bool:
        """Return whether a record has no schema violation."""
        return bool(self._fast.is_valid(data) if self._fast else self._validator.is_valid(data))

    def problems(self, data: Mapping[str, Any]) -> list[tuple[str, Problem]]:
        """Return code and problem of the first ``MAX_PROBLEMS`` schema violations."""
        if self._fast and self._fast.is_valid(data):
            return []
        return list(islice(self.explained(data), MAX_PROBLEMS))

    def explained(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
        """Yield code and problem of each schema violation that jsonschema reports."""
        missing_in = set()
        for error in self._validator.iter_errors(data):
            at = tuple(error.absolute_path)
            if error.validator == "required":  # an error for each name; all are explained at once
                if at in missing_in:
                    continue
                missing_in.add(at)
            violation = Violation(
                keyword=str(error.validator),
                expected=error.validator_value,
                value=error.instance,
                schema=error.schema if at else self._schema,
                at=at,
                record=data,
            )
            yield from explain(violation, self._vocabulary)


def _refuse(uri: str) -> Any:
    raise ValueError(f"nothing is fetched: {uri}")


def _for_python(part: Any, definitions: Mapping[str, Any]) -> Any:
    r"""Return the schema as the messages need it: definitions inlined, and patterns for ``re``.

    Elsewhere ``$`` matches only at the end of the text, as ``\Z`` does in Python.
    """
    if isinstance(part, list):
        return [_for_python(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return definitions[name] | {"codes": name}
    inlined = {key: _for_python(value, definitions) for key, value in part.items()}
    if isinstance(part.get("pattern"), str):
        inlined["pattern"] = part["pattern"].removesuffix("$") + r"\Z"
    return inlined


MAX_SCHEMA_BYTES = 4 * 1024 * 1024
_FOR_EDITORS = frozenset(
    {"title", "description", "examples", "enumDescriptions", "patternErrorMessage", "$comment"}
)


def differences(content: bytes, schema: Any, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding where a parsed schema file first differs from the generated schema.

    It is a warning where only code lists and texts for editors differ.
    """
    found = list(islice(_differing(schema, record_schema(vocabulary)), MAX_PROBLEMS))
    if not found:
        return
    harmful = [pointer for pointer in found if not _is_minor(pointer)]
    pointer = (harmful or found)[0]
    more = f", and in {len(found) - 1} other places" if len(found) > 1 else ""
    what = "schema" if harmful else "code lists or descriptions"
    rule = rules()["HC907" if harmful else "HC906"]
    readable = content if len(content) <= MAX_SCHEMA_BYTES else b""
    message = f"The {what} here differ{'s' if harmful else ''} from what is generated{more}."
    hint = "Run “healthcoop schema --write”; records are validated with the generated one."
    yield FindingBuilder(SCHEMA_PATH, readable).build(
        rule, Problem(message, hint, pointer, on_key=True)
    )


def _differing(one: Any, other: Any, at: Pointer = ()) -> Iterator[Pointer]:
    """Yield where two parsed schemas differ, in the order of the first; missing keys last."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key, value in one.items():
            if key in other:
                yield from _differing(value, other[key], (*at, key))
            else:
                yield (*at, key)
        for key in other:
            if key not in one:
                yield (*at, key)
    elif type(one) is not type(other) or one != other:
        yield at


def _is_minor(pointer: Pointer) -> bool:
    """Return whether a pointer leads to a code list, or to a keyword for editors."""
    if len(pointer) == 3 and pointer[0] == "definitions" and pointer[2] == "enum":
        return True
    is_field = pointer[-2:-1] == ("properties",)  # a name, not a keyword
    return pointer[-1:] != () and pointer[-1] in _FOR_EDITORS and not is_field
