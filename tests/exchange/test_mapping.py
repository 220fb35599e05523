"""Columns find their fields by meaning and content; what people say wins."""

from datetime import date
from decimal import Decimal

import pytest

from p2p.exchange.fields import Field
from p2p.exchange.mapping import Mapping, WrongMapping, propose
from p2p.exchange.opportunities.fields import ABOUT, OPPORTUNITY_FIELDS, stage_key
from p2p.exchange.reading import Sheet, read
from p2p.exchange.rows import Row, read_rows

ENGLISH = """\
Opportunity No,Account,Account Number,Industry,Country,Owner,Manager,Product,Campaign,Status,Sales Stage,Rating,\
Probability,Value,Discount,Purchase Process,Decision Maker Identified,Created On,Close Date
14079,Tromp LLC,AN-100017,Services,United States,David So,Amelie,"Cover 6""\",,Lost,1-Qualify,Cold,\
0.1,4545,0.095,Unknown,True,2021-08-17,2021-11-01
14080,"Dooley, Muller",AN-100172,Trade,France,Riley J,Peyton,Reader,Web,In Progress,4-Close,Hot,\
1.0,12500,0.1,Committee,False,2021-08-13,2021-10-22
"""
GERMAN = """\
Geschätzter Umsatz (EUR);Erstellt am;Kundennummer;Kunde;Thema;Verkaufsphase;Status;Besitzer;Verkaufschance-Nr.;\
Wahrscheinlichkeit;Voraussichtlicher Abschluss;Branche
1.234,56;31.12.2021;K-1;Müller GmbH;Dach;1-Qualify;Gewonnen;Jörg Groß;14079;35 %;01.02.2022;Bau
12.500,00;05.01.2022;K-2;Öl AG;Keller;2-Develop;In Bearbeitung;Jörg Groß;14080;60 %;15.06.2022;Chemie
"""
AMERICAN = """\
Close Date\tStage\tAmount\tOpportunity Owner\tAccount Name\tOpportunity Name\tCreated Date\
\tProbability (%)\tDeal Currency
12/31/2021\tProposal\t"$1,234.56"\tRiley J\tAcme\tRoof\t1/5/2021\t35\tUSD
1/2/2022\tClosed\t"$12,500.00"\tDavid So\tGlobex\tCellar\t2/6/2021\t100\tUSD
"""
ODDLY_WORDED = """\
Deal size|Company|Pipeline phase|Assigned to|decision-date|Chance to win|OUTCOME|\
Opened|customer_code|deal_id|ProjectName
500|Acme|Qualify|Ann|2022-02-01|0.5|open|2022-01-01|C1|7|Roof
"""
IN_OTHER_TONGUES = {
    "fr": "Nom du compte,Numéro de client,Sujet,Propriétaire,Statut,"
    "Étape,Probabilité,Montant,Devise,Créé le,Date de clôture",
    "es": "Cuenta,Número de cliente,Asunto,Propietario,Estado,"
    "Etapa,Probabilidad,Importe,Moneda,Fecha de creación,Fecha de cierre",
    "it": "Nome cliente,Codice cliente,Oggetto,Proprietario,Stato,"
    "Fase,Probabilità,Importo,Valuta,Data creazione,Data di chiusura",
}


def _map(sheet: Sheet, **options: dict[str, str] | str) -> Mapping:
    return propose(sheet, OPPORTUNITY_FIELDS, about=ABOUT, **options)  # type: ignore[arg-type]


def _columns(mapping: Mapping) -> dict[str, str]:
    return {name: choice.column for name, choice in mapping.choices.items()}


def _rows(sheet: Sheet) -> list[Row]:
    return list(read_rows(sheet, _map(sheet)))


def test_the_usual_export_maps_itself_and_keeps_the_rest() -> None:
    sheet = read(ENGLISH.encode())
    mapping = _map(sheet)
    assert _columns(mapping) == {
        "number": "Opportunity No",
        "party": "Account",
        "party_number": "Account Number",
        "owner": "Owner",
        "status": "Status",
        "stage": "Sales Stage",
        "probability": "Probability",
        "revenue": "Value",
        "created_on": "Created On",
        "close_date": "Close Date",
        "product": "Product",
    }
    left = "Industry,Country,Manager,Campaign,Rating,Discount,Purchase Process,Decision Maker Identified"
    assert mapping.left_out == tuple(left.split(","))
    assert not mapping.missing
    assert not mapping.assumed
    first, second = _rows(sheet)
    assert first.line == 2
    assert first.values["product"] == 'Cover 6"'
    assert first.values["probability"] == Decimal(10)
    assert (first.values["status"], second.values["status"]) == ("lost", "active")
    assert "Campaign" not in first.extra
    assert second.extra["Campaign"] == "Web"


def test_a_german_file_from_windows() -> None:
    sheet = read(GERMAN.encode("cp1252"))
    assert _map(sheet).left_out == ("Branche",)
    row = _rows(sheet)[0]
    assert not row.problems
    assert row.values == {
        "number": "14079",
        "party": "Müller GmbH",
        "party_number": "K-1",
        "subject": "Dach",
        "owner": "Jörg Groß",
        "status": "won",
        "stage": "1-Qualify",
        "probability": Decimal(35),
        "revenue": Decimal("1234.56"),
        "created_on": date(2021, 12, 31),
        "close_date": date(2022, 2, 1),
    }


def test_an_american_file_in_utf_16() -> None:
    sheet = read(AMERICAN.encode("utf-16"))
    mapping = _map(sheet)
    assert mapping.left_out == ()
    assert [choice.column for choice in mapping.assumed] == ["Created Date"], "its order came from Close Date"
    row = _rows(sheet)[0]
    assert (row.values["created_on"], row.values["close_date"]) == (date(2021, 1, 5), date(2021, 12, 31))
    assert (row.values["revenue"], row.currencies) == (Decimal("1234.56"), {"revenue": "$"})
    assert (row.values["probability"], row.values["currency"]) == (35, "USD")


def test_other_words_in_another_order() -> None:
    mapping = _map(read(ODDLY_WORDED.encode()))
    assert mapping.left_out == ()
    assert list(mapping.choices) == [
        field.name for field in OPPORTUNITY_FIELDS if field.name not in ("currency", "product")
    ]


@pytest.mark.parametrize("language", IN_OTHER_TONGUES)
def test_headings_in_other_tongues(language: str) -> None:
    content = IN_OTHER_TONGUES[language] + "\nAcme,C1,Roof,Ann,open,Qualify,50 %,500,EUR,2022-01-01,2022-02-01\n"
    names = "party,party_number,subject,owner,status,stage,probability,revenue,currency,created_on,close_date"
    assert _columns(_map(read(content.encode()))) == dict(
        zip(names.split(","), IN_OTHER_TONGUES[language].split(","), strict=True)
    )


@pytest.mark.parametrize(
    ("header", "values", "field", "column"),
    [
        ("Account Number,Account", "AN-1,Acme", "party", "Account"),
        ("Account Owner,Owner", "Ann,Bob", "owner", "Owner"),
        ("Account Manager,Account Industry", "Ann,Trade", "party", None),
        ("Probability (raw),Probability", "0.2,20 %", "probability", "Probability"),
        ("Created By,Created On", "Ann,2022-01-01", "created_on", "Created On"),
        ("Closed,Close Date", "True,2022-01-01", "close_date", "Close Date"),
        ("Status,Status Date", "open,2022-01-01", "status", "Status"),
        ("Manager,Manager Email", "Ann,Bob", "owner", None),
        ("Product,Column 2", "Reader,won", "status", "Column 2"),
        ("Probabilty,Note", "20 %,x", "probability", "Probabilty"),
    ],
)
def test_near_clashes(header: str, values: str, field: str, column: str | None) -> None:
    sheet = read(f"{header}\n{values}\n".encode(), header_is_certain=True)
    assert _columns(_map(sheet)).get(field) == column


def test_dates_without_a_name_are_not_guessed_apart() -> None:
    sheet = read(b"Account,Datum,Fecha\nAcme,2022-01-01,2022-02-01\n")
    assert _map(sheet).left_out == ("Datum", "Fecha")
    assert _columns(_map(read(b"Account,Created,Datum\nAcme,2022-01-01,2022-02-01\n")))["close_date"] == "Datum"


def test_a_column_that_would_have_fitted_too_is_named() -> None:
    mapping = _map(read(b"Account,Amount,Value\nAcme,5,6\n"))
    choice = mapping.choices["revenue"]
    assert (choice.column, choice.rivals, mapping.left_out) == ("Amount", ("Value",), ("Value",))


def test_a_required_field_without_a_column_is_missing() -> None:
    assert [field.label for field in _map(read(b"Topic,Value\nRoof,5\n")).missing] == ["Account"]


@pytest.mark.parametrize("content", [ENGLISH, GERMAN, AMERICAN, ODDLY_WORDED])
def test_a_mapping_survives_a_form(content: str) -> None:
    sheet = read(content.encode())
    mapping = _map(sheet)
    again = _map(sheet, given=mapping.to_dict(), locale="de")
    assert again.to_dict() == mapping.to_dict()
    assert not again.assumed, "what somebody confirmed is no longer assumed"


def test_what_people_say_wins() -> None:
    sheet = read(b"Account,Country,Value,Close Date\nAcme,Spain,5,01/02/2022\n")
    mapping = _map(sheet, given={"party": "Country", "revenue": "", "close_date.format": "dmy"})
    assert _columns(mapping) == {"party": "Country", "close_date": "Close Date"}
    assert mapping.left_out == ("Account", "Value")
    assert next(read_rows(sheet, mapping)).values["close_date"] == date(2022, 2, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"party": "Acount"}, "no column “Acount”. Did you mean “Account”"),
        ({"partly": "Account"}, "no field “partly”. Did you mean “party”"),
        ({"close_date.format": "xyz"}, "no format “xyz”. Formats: dmy, mdy, ymd"),
        ({"party.format": "dmy"}, "one format only"),
    ],
)
def test_a_slip_in_what_people_say_is_refused_with_the_names_there_are(given: dict[str, str], words: str) -> None:
    with pytest.raises(WrongMapping, match=words):
        _map(read(b"Account,Close Date\nAcme,2022-01-01\n"), given=given)


def test_every_problem_has_its_line_column_value_and_reason() -> None:
    sheet = read(
        b"Account,Status,Value,Probability,Close Date\nAcme,won,5,20,2022-01-01\n,maybe,-5,140,2022-02-30\nGlobex,won\n"
    )
    good, bad, short = _rows(sheet)
    assert not good.problems
    assert [(each.line, each.column, each.value) for each in bad.problems] == [
        (3, "Account", ""),
        (3, "Status", "maybe"),
        (3, "Probability", "140"),
        (3, "Value", "-5"),
        (3, "Close Date", "2022-02-30"),
    ]
    reasons = [each.reason for each in bad.problems]
    assert reasons[0] == "this is required and empty"
    assert reasons[1].startswith("this is none of: active, won")
    assert reasons[2:4] == ["this is more than 100", "this is less than 0"]
    assert short.problems[0].reason == "the row has 2 cells, the first line names 5 columns"
    assert (short.line, short.values) == (4, {})


def test_nothing_here_knows_opportunities_but_their_own_list() -> None:
    fields = (Field("name", "Name", required=True), Field("mail", "E-mail", synonyms=("mail", "e-mail address")))
    mapping = propose(read(b"E-Mail Address;NAME\na@b.c;Ann\n"), fields)
    assert _columns(mapping) == {"name": "NAME", "mail": "E-Mail Address"}


@pytest.mark.parametrize("name", ["1-Qualify", "01. qualify", "Qualify", " 1) QUALIFY ", "1Qualify"])
def test_stages_are_compared_without_their_number(name: str) -> None:
    assert stage_key(name) == "qualify"


def test_a_stage_that_is_only_a_number_keeps_it() -> None:
    assert stage_key("2") == "2"


def test_the_same_heading_never_means_two_fields() -> None:
    owners: dict[str, str] = {}
    for field in OPPORTUNITY_FIELDS:
        for word in {field.label, *field.synonyms}:
            assert owners.setdefault(word.casefold(), field.name) == field.name, word
