import pytest

from integrations.domain.mapping import Mapping, zone_of
from integrations.domain.problems import BadMapping
from integrations.domain.suggestion import fingerprint, suggest

HEADER = ["mql_id", "first_contact_date", "landing_page_id", "origin"]
SYSTEM = "external_system=crm"


def refusal(kind, header, maps=(), defaults=(), **more):
    with pytest.raises(BadMapping) as refused:
        Mapping.resolve(kind, header, maps, defaults, **more)
    return refused.value


def test_columns_fill_targets_in_the_order_of_the_kind():
    mapping = Mapping.resolve(
        "leads",
        HEADER,
        ["source=origin", " external_id = mql_id ", "created_at=first_contact_date"],
        ["external_system=olist", "stage=mql"],
    )

    assert mapping.targets == (
        *("external_system", "external_id", "source", "stage", "created_at"),
    )
    assert mapping.columns == {
        "external_id": "mql_id",
        "source": "origin",
        "created_at": "first_contact_date",
    }
    assert mapping.defaults == {"external_system": "olist", "stage": "mql"}
    assert mapping.ignored == ("landing_page_id",)


def test_what_is_remembered_gives_the_same_mapping():
    mapping = Mapping.resolve("leads", HEADER, ["external_id=mql_id"], [SYSTEM])

    assert mapping.maps == ("external_id=mql_id",)
    assert Mapping.resolve("leads", HEADER, mapping.maps, [SYSTEM]) == mapping


def test_columns_named_like_a_target_fill_it():
    mapping = Mapping.resolve("leads", ["email", "source", "Country"])

    assert mapping.columns == {"email": "email", "source": "source"}
    assert mapping.ignored == ("Country",)


def test_what_is_said_wins_over_names():
    header = ["email", "source", "origin"]
    mapping = Mapping.resolve("leads", header, ["source=origin"])
    other = Mapping.resolve("leads", header, ["segment=source"])

    assert mapping.columns == {"email": "email", "source": "origin"}
    assert mapping.ignored == ("source",)
    assert other.columns == {"email": "email", "segment": "source"}


def test_a_column_may_be_left_out_or_used_twice():
    header = ["email", "source"]
    without = Mapping.resolve("leads", header, leave_out=["source"])
    twice = Mapping.resolve("leads", header, ["segment=source", "source=source"])

    assert without.columns == {"email": "email"}
    assert twice.columns == {"email": "email", "source": "source", "segment": "source"}


def test_names_of_columns_may_hold_equals_signs():
    mapping = Mapping.resolve("leads", ["a=b"], ["email=a=b"])

    assert mapping.columns == {"email": "a=b"}


@pytest.mark.parametrize(
    ("maps", "defaults", "code", "message"),
    [
        (
            ["email=e-mial"],
            [],
            "unknown_column",
            (
                "The file has no column “e-mial” for “email”. It has: e-mail, Phone. "
                "Did you mean “e-mail”?"
            ),
        ),
        (
            ["email=EMAIL ADDRESS"],
            [],
            "unknown_column",
            (
                "The file has no column “EMAIL ADDRESS” for “email”. It has: e-mail, "
                "Phone. Did you mean “e-mail”?"
            ),
        ),
        (
            ["email=e-mail", "fone=Phone"],
            [],
            "unknown_target",
            "leads have no field “fone”. There are: external_system, external_id, ",
        ),
        (
            ["email"],
            [],
            "map_without_equals",
            "“email” does not say which column goes where. Write target=column.",
        ),
        (
            ["email="],
            [],
            "map_without_equals",
            "“email=” does not say which column goes where. Write target=column.",
        ),
        (
            ["email=e-mail", "email=Phone"],
            [],
            "duplicate_target",
            "“email” is filled from two columns, “e-mail” and “Phone”. Keep one.",
        ),
        (
            ["email=e-mail"],
            ["stage"],
            "default_without_equals",
            "“stage” does not say what to fill in where. Write target=value.",
        ),
        (
            ["email=e-mail"],
            ["stage=mql", "stage=sql"],
            "duplicate_default",
            "“stage” has two values to fill in, “mql” and “sql”. Keep one.",
        ),
        (
            ["email=e-mail"],
            ["created_at=soon"],
            "bad_default",
            (
                "The value “soon” cannot be filled in for “created_at”: “soon” is not "
                "a date or time. Write 2026-03-05, 2026-03-05 14:30 or 05.03.2026 "
                "14:30."
            ),
        ),
        (
            [],
            [],
            "unmapped_one_of",
            (
                "leads need one of external_id, email, phone, and no column of the "
                "file is mapped to any. The file has: e-mail, Phone. Did you mean "
                "“e-mail”?"
            ),
        ),
        (
            ["external_id=Phone"],
            [],
            "unmapped_system",
            (
                "“external_id” needs “external_system” beside it: map a column to "
                "it, or name the system for all rows (external_system=crm)."
            ),
        ),
    ],
)
def test_each_mistake_is_one_clear_sentence(maps, defaults, code, message):
    refused = refusal("leads", ["e-mail", "Phone"], maps, defaults)

    assert [problem.code for problem in refused.problems] == [code]
    assert refused.message[: len(message)] == message


def test_a_required_target_without_column():
    refused = refusal("spend", ["Campaign", "Data", "Suma"], ["campaign=Campaign"])

    assert [
        (p.code, p.params["target"], p.params["nearest"]) for p in refused.problems
    ] == [
        ("unmapped", "day", "Data"),
        ("unmapped", "amount", "Suma"),
    ]


def test_all_mistakes_are_told_at_once():
    refused = refusal("deals", ["id"], ["x=y", "won_at=when"], ["outcome=perhaps"])

    assert [problem.code for problem in refused.problems] == [
        *("unknown_target", "unknown_column", "bad_default", "unmapped_one_of"),
    ]
    assert refused.message == " ".join(p.message for p in refused.problems)


def test_sentences_can_be_had_in_another_language():
    refused = refusal("leads", ["e-mail"], ["email=e-mial"])
    words = {"Did you mean “%(nearest)s”?": "Ați vrut „%(nearest)s”?"}

    said = refused.sentence(lambda text: words.get(text, "…"))

    assert said == "… Ați vrut „e-mail”?"


def test_a_long_list_of_columns_is_cut():
    header = [f"c{number}" for number in range(500)]

    assert len(refusal("leads", header, ["email=nothing"]).message) < 600


def test_time_zones():
    assert zone_of("America/Sao_Paulo").key == "America/Sao_Paulo"
    for name, nearest in (("Europe/Bukarest", "Europe/Bucharest"), ("Warsaw", None)):
        with pytest.raises(BadMapping) as refused:
            zone_of(name)
        assert refused.value.code == "unknown_timezone"
        assert refused.value.problems[0].params["nearest"] == (
            nearest or "Europe/Warsaw"
        )


@pytest.mark.parametrize("name", ["", "..", "/etc/passwd", "../../etc/localtime"])
def test_a_time_zone_is_no_path(name):
    with pytest.raises(BadMapping) as refused:
        zone_of(name)
    assert refused.value.code == "unknown_timezone"


@pytest.mark.parametrize(
    ("kind", "header", "found"),
    [
        (
            "leads",
            ["Record ID", "E-mail", "First Name", "Nume", "Telefon", "Sursă", "Țară"],
            {
                "external_id": "Record ID",
                "email": "E-mail",
                "first_name": "First Name",
                "last_name": "Nume",
                "phone": "Telefon",
                "source": "Sursă",
                "country": "Țară",
            },
        ),
        (
            "leads",
            ["Imię", "Nazwisko", "Adres e-mail", "Źródło", "Data utworzenia", "Firma"],
            {
                "first_name": "Imię",
                "last_name": "Nazwisko",
                "email": "Adres e-mail",
                "source": "Źródło",
                "created_at": "Data utworzenia",
                "company": "Firma",
            },
        ),
        (
            "leads",
            HEADER,
            {
                "external_id": "mql_id",
                "created_at": "first_contact_date",
                "source": "origin",
            },
        ),
        (
            "deals",
            ["Deal ID", "Contact ID", "Close Date", "Amount", "Waluta", "Deal Name"],
            {
                "external_id": "Deal ID",
                "lead_external_id": "Contact ID",
                "closed_at": "Close Date",
                "amount": "Amount",
                "currency": "Waluta",
                "name": "Deal Name",
            },
        ),
        ("companies", ["Company", "company"], {"name": "Company"}),
        ("spend", ["nothing", "known"], {}),
    ],
)
def test_suggestions(kind, header, found):
    assert suggest(kind, header) == found


def test_a_suggestion_can_be_resolved_as_it_is():
    header = ["Record ID", "E-mail", "Nume", "Stadiu"]
    maps = [f"{target}={column}" for target, column in suggest("leads", header).items()]

    assert Mapping.resolve("leads", header, maps, [SYSTEM]).ignored == ()


def test_own_names_go_before_other_names():
    assert (
        suggest("touchpoints", ["source", "utm_source"])["utm_source"] == "utm_source"
    )


def test_what_pages_call_a_column_is_known_last():
    called = {"created_at": ["Created", "Utworzony"], "notes": ["E-mail"]}

    found = suggest("leads", ["E-mail", "UTWORZONY"], called)

    assert found == {"email": "E-mail", "created_at": "UTWORZONY"}
    assert suggest("leads", ["Utworzony"]) == {}


def test_headers_are_known_again():
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a"])
    assert fingerprint(["a", "b"]) != fingerprint(["a", "B"])
    assert fingerprint(["a", "b"]) != fingerprint(["ab"])
    assert fingerprint(["id", "email"]) == (
        "59ef8482271c7162f1ff8eb5ecacc66ae74f2a1ebba3ec9568a7d63e036a3e8a"
    )
