"""The many ways in which English reports say that something took place, or has yet to."""

import pytest

from tests.cases import each


@pytest.fixture(scope="module")
def reported(events):
    def types(text):
        return " ".join(each.split()[0] for each in events(f"{text} It is about hospitals.")[0])

    return types


@each(
    ("text", "types"),
    [
        # signed, in many words
        ("Kenya and Denmark put their signatures to a letter of intent.", "letter-of-intent"),
        ("Ministers of Kenya and Denmark affixed their signatures to the protocol.", "protocol"),
        ("The signatures of Kenya and Denmark now stand under a health agreement.", "agreement"),
        ("Kenya and Denmark have penned an action plan on diabetes.", "action-plan"),
        ("Kenya and Denmark sealed a pact on the training of nurses.", "agreement"),
        ("An agreement on blood safety was reached by Kenya and Denmark.", "agreement"),
        ("Kenya and Denmark reached an agreement on blood safety in Nairobi.", "agreement"),
        ("Kenya and Denmark have concluded a memorandum of cooperation.", "mou"),
        ("Kenya and Denmark struck a deal on vaccines on Tuesday.", "agreement"),
        ("Kenya and Denmark clinched a health agreement on Tuesday.", "agreement"),
        ("The signing of a memorandum of understanding by Kenya and Denmark was held.", "mou"),
        ("Kenya and Denmark formalised their work on cancer with an agreement.", "agreement"),
        ("Kenya and Denmark renewed their health protocol for three years.", "protocol"),
        ("Kenya and Denmark extended their memorandum of understanding until 2027.", "mou"),
        (
            "Notes were exchanged by Kenya and Denmark on a grant for hospitals.",
            "exchange-of-notes",
        ),
        ("Kenya and Denmark exchanged notes on a grant for hospitals.", "exchange-of-notes"),
        (
            "Letters were exchanged between the governments of Kenya and Denmark.",
            "exchange-of-notes",
        ),
        ("Kenya and Denmark amended their agreement on medicines.", "amendment"),
        ("Kenya, Denmark and WHO are parties to a tripartite agreement signed here.", "agreement"),
        (
            "A joint statement was issued by the health ministers of Kenya and Denmark.",
            "declaration",
        ),
        ("Ministers of Kenya and Denmark issued a joint communique on vaccines.", "declaration"),
        ("A memorandum was exchanged by the ministers of Kenya and Denmark.", "mou"),
        ("A signing ceremony for the memorandum was held by Kenya and Denmark.", "mou"),
        ("Kenya and Denmark entered into a health arrangement.", "agreement"),
        (
            "Kenya and Denmark signed an agreement on the implementation of telemedicine.",
            "agreement",
        ),
        ("The protocol on the medical team to Kenya was signed here by Denmark.", "protocol"),
        (
            "Under a memorandum signed by Kenya and Denmark on Monday, nurses will be trained.",
            "mou",
        ),
        # met
        ("Kenya’s health minister was paid a courtesy call by the Danish ambassador.", "meeting"),
        ("The Danish ambassador made a courtesy call on Kenya’s health minister.", "meeting"),
        ("Talks were held between health officials of Kenya and Denmark.", "meeting"),
        ("Kenya’s health minister was received by his Danish counterpart.", "meeting"),
        ("Discussions between the ministers of Kenya and Denmark took place here.", "meeting"),
        ("Kenya’s minister hosted the Danish ambassador at the ministry.", "meeting"),
        ("The ministers of Kenya and Denmark co-chaired a session on cancer.", "meeting"),
        ("The Kenyan-Danish joint commission on health held its third session.", "meeting"),
        ("The joint commission of the governments of Kenya and Denmark met.", "meeting"),
        ("Kenya’s minister sat down with her Danish counterpart to talk cancer.", "meeting"),
        ("Kenya’s minister held a working lunch with the Danish ambassador.", "meeting"),
        ("Kenya’s minister had an exchange of views with the Danish ambassador.", "meeting"),
        ("Health officials from Kenya and Denmark came together in Nairobi.", "meeting"),
        ("Kenya’s minister granted an audience to the Danish ambassador.", "meeting"),
        ("Kenya’s minister consulted with her Danish counterpart in Nairobi.", "meeting"),
        ("The Danish ambassador paid a farewell call on Kenya’s health minister.", "meeting"),
        ("The Danish ambassador was the guest of Kenya’s health minister.", "meeting"),
        ("Kenya’s ministry opened talks with the embassy of Denmark.", "meeting"),
        # visited
        ("Kenya’s health minister concluded a three-day stay in Denmark.", "visit"),
        ("Denmark’s health minister is in Kenya on a working visit.", "visit"),
        ("Denmark’s Minister for Health Ida Holm visited hospitals in Kenya.", "visit"),
        ("At the invitation of Denmark, a delegation of Kenya was in Copenhagen.", "visit"),
        ("A Danish delegation is on a study tour of Kenya’s hospitals.", "visit"),
        # called
        ("The ministers of Kenya and Denmark spoke by video link.", "call"),
        ("Kenya’s health minister met virtually with his Danish counterpart.", "call"),
        ("Kenya’s minister had a phone conversation with the Danish minister.", "call"),
        ("Kenya’s health minister held a phone consultation with Denmark’s minister.", "call"),
        ("Kenya’s minister rang his Danish counterpart on Monday.", "call"),
        # conferred
        ("A conference of health ministers of Kenya, Denmark and Peru closed.", "conference"),
        ("Ministers of Kenya, Denmark and Peru opened a health summit.", "conference"),
        # came to help, or gave
        ("A Danish medical brigade landed in Kenya.", "mission"),
        ("Thirty Danish doctors and nurses left on Monday for Kenya.", "mission"),
        ("A team of Danish doctors touched down in Kenya.", "mission"),
        ("Denmark’s ambassador turned over ten ambulances to Kenya’s ministry.", "ceremony"),
        ("Denmark’s ambassador presented Kenya’s minister with ten ambulances.", "ceremony"),
        ("Ministers of Kenya and Denmark cut the ribbon of a new clinic.", "ceremony"),
        ("A clinic paid by Denmark was unveiled by Kenya’s minister.", "ceremony"),
    ],
)
def test_an_event_is_found_in_many_ways_of_reporting_it(text, types, reported):
    assert reported(text) == types


@each(
    "text",
    [
        # to come
        "Kenya and Denmark will put their signatures to a letter of intent in May.",
        "Kenya and Denmark are to sign a memorandum of understanding next week.",
        "Kenya and Denmark are close to signing a health agreement.",
        "A memorandum between Kenya and Denmark is to be signed in June.",
        "Kenya is expected to conclude a health agreement with Denmark.",
        "Kenya hopes for an agreement with Denmark on nurses.",
        "An agreement between Kenya and Denmark has yet to be signed.",
        "Kenya’s minister will receive the Danish ambassador on Friday.",
        "Denmark’s health minister plans to visit Kenya.",
        "A visit of Denmark’s minister to Kenya is planned for May.",
        "Denmark’s minister is due in Kenya next week.",
        "Talks between Kenya and Denmark are to be held in June.",
        "The joint commission of Kenya and Denmark will meet in autumn.",
        "Kenya’s minister was invited to visit Denmark.",
        "Denmark will send a medical team to Kenya.",
        "Denmark has promised to donate ten ambulances to Kenya.",
        "Denmark’s ambassador will hand over ten ambulances to Kenya’s ministry.",
        "Kenya and Denmark could sign a deal on vaccines before summer.",
        "A draft agreement between Kenya and Denmark is being prepared.",
        "Kenya’s minister will pay a visit to Denmark. The official visit is his first.",
        "Danish nurses hope to join a medical team sent to Kenya.",
        # approved, or thought of
        "Kenya’s cabinet approved a memorandum of understanding with Denmark.",
        "The Cabinet of Kenya has given the green light to a health agreement with Denmark.",
        "Kenya’s cabinet cleared the signing of a memorandum with Denmark.",
        "Parliament in Kenya ratified the health agreement with Denmark.",
        "Kenya proposed a protocol on medicines to Denmark.",
        "Kenya and Denmark are negotiating an agreement on nurses.",
        "Kenya and Denmark failed to sign an agreement on nurses.",
        "Kenya and Denmark did not sign an agreement on nurses.",
        "The signing of the agreement between Kenya and Denmark was postponed.",
        "The meeting of the ministers of Kenya and Denmark was cancelled.",
        "Denmark’s minister called off a visit to Kenya.",
        "Kenya has not yet received the Danish delegation.",
        # past
        "Ten years ago Kenya and Denmark signed a memorandum of understanding.",
        "In 2011 Kenya and Denmark signed an agreement on nurses.",
        "Kenya recalled the visit of Denmark’s minister in 2019.",
        "A protocol signed by Kenya and Denmark in 1998 is still in force.",
        "Last year Kenya’s minister met his Danish counterpart.",
        "Kenya and Denmark have enjoyed diplomatic relations since 1963.",
        # something else
        "Kenya’s hospitals met the demand for Danish insulin.",
        "Kenya’s minister welcomed the report on Danish insulin.",
        "A new law on health in Kenya follows a Danish model.",
        "Kenya’s minister opened a clinic in Nairobi.",
    ],
)
def test_no_event_is_found_in_plans_approvals_the_past_and_other_things(text, reported):
    assert reported(text) == ""
