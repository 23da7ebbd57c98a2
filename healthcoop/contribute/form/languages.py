"""The question about a language, which is answered by its English name or its tag."""

from healthcoop.contribute.form.question import Choice, Question

_LANGUAGES = {
    **{"ar": "Arabic", "az": "Azerbaijani", "de": "German", "en": "English", "es": "Spanish"},
    **{"fa": "Persian", "fr": "French", "hi": "Hindi", "id": "Indonesian", "it": "Italian"},
    **{"ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "pl": "Polish"},
    **{"pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sr": "Serbian", "tr": "Turkish"},
    **{"uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese"},
}
_TAGS = {name.lower(): tag for tag, name in _LANGUAGES.items()}


def language_question(key: str, section: str, option: str, default: str) -> Question:
    """Return the question for the language of a title or a page."""
    return Question(
        key=key,
        text="Its language",
        section=section,
        help="A name or a code: English, en, pt-BR",
        choices=[Choice(tag, name) for tag, name in _LANGUAGES.items()],
        default=default,
        option=option,
        fields=("sources", "official_title"),
        read=lambda text: _TAGS.get(text.lower(), text),
    )
