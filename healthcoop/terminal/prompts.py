"""Questions on a terminal: a line to edit, with completion, a key to go back, and help below.

Importing this module raises HealthcoopError without prompt_toolkit.
"""

from collections.abc import Iterable, Iterator

from healthcoop.contribute.form.question import Choice, Question
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import visible
from healthcoop.model.folding import name_key

try:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
except ImportError:
    raise HealthcoopError(
        "asking questions on a terminal needs prompt_toolkit",
        hint="pip install 'healthcoop[contribute]', or give every answer by an option: see"
        " healthcoop new --help",
    ) from None

BACK = "<"
HELP = "?"

_KEYS = " <  back   ?  explain   Tab  list   Ctrl-U  clear   Ctrl-C  stop (answers kept)"


class Left(Exception):
    """The user stops; ``text`` is what stood in the line."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Prompts:
    """Reads answers from the terminal."""

    def __init__(self) -> None:
        """Take the terminal's input and output."""
        keys = KeyBindings()

        @keys.add("c-up")
        def back(event: KeyPressEvent) -> None:
            event.app.exit(result=BACK)

        self._session: PromptSession[str] = PromptSession(
            bottom_toolbar=_KEYS, key_bindings=keys, reserve_space_for_menu=6
        )
        self._prefilled = ""
        self._is_retyped = False
        self._session.default_buffer.on_text_changed += self._note_change

    def _note_change(self, buffer: Buffer) -> None:
        self._is_retyped = self._is_retyped or not buffer.text.startswith(self._prefilled)

    def read(self, question: Question, text: str) -> str:
        """Return what was typed for a question, BACK or HELP; ``text`` is in the line at first.

        “<” and “?” typed after it, when it was not changed, are BACK and HELP. Raises Left for
        Ctrl-C and Ctrl-D.
        """
        self._prefilled, self._is_retyped = text, False
        try:
            typed = self._session.prompt(
                prompt_text(question, text),
                default=text,
                completer=_Choices(question),
            )
        except (KeyboardInterrupt, EOFError):
            raise Left(self._session.default_buffer.text) from None
        typed = typed.strip()
        if not self._is_retyped and typed[:-1].rstrip() == text and typed[-1:] in (BACK, HELP):
            return typed[-1:]
        return typed


def prompt_text(question: Question, text: str) -> str:
    """Return what stands before the answer, where ``text`` is in the line at first."""
    enter = ""
    if question.default and not question.proposed:
        enter = f" [{question.default}]"
    elif question.empty and not text:
        enter = f" (Enter: {question.empty})"
    elif question.proposed and text:
        enter = " (Ctrl-U clears it)"
    line = "\n> " if question.proposed else " "
    return f"{visible(question.text)}{visible(enter)}:{line}"


class _Choices(Completer):
    """Completes the choices of a question: of several answers, the one that is being typed."""

    def __init__(self, question: Question) -> None:
        self._question = question

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield the choices that match, all of them on Tab."""
        text = document.text_before_cursor
        if self._question.separator:
            text = text.rpartition(self._question.separator)[2].lstrip()
        if text or complete_event.completion_requested:
            for choice in matching(self._question.choices, text):
                named = choice.label not in ("", choice.value)
                about = f"{choice.value}  {choice.about}" if named else choice.about
                yield Completion(
                    choice.value,
                    start_position=-len(text),
                    display=visible(choice.label or choice.value),
                    display_meta=visible(about),
                )


def matching(choices: Iterable[Choice], text: str) -> list[Choice]:
    """Return the choices whose name begins with a text, then those with a word that does."""
    key = name_key(text)
    first, second = [], []
    for choice in choices:
        names = [name_key(name) for name in (choice.value, choice.label)]
        if any(name.startswith(key) for name in names):
            first.append(choice)
        elif any(word.startswith(key) for word in f"{names[1]} {name_key(choice.about)}".split()):
            second.append(choice)
    return [*first, *second]
