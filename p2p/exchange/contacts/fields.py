"""What a contact can take from a table, in the words of the address books and languages it may come from."""

from collections.abc import Iterator
from typing import NamedTuple

from p2p.exchange.fields import Field, words

# Words for the record itself: in its own table “Contact Name” is the name.
ABOUT = frozenset(["contact", "contacts", "kontakt", "kontakte", "contacto", "contactos", "contatto", "contatti"])


class Reach(NamedTuple):
    """A column by which somebody is reached: of what kind and as what; `typed` is the field that says as what."""

    name: str
    label: str
    kind: str
    types: tuple[str, ...]
    headings: str
    typed: str = ""
    spare: bool = False


PLACES = {"work": "Business", "home": "Home", "other": "Other"}
#: Part of an address → its label, and its headings with {} for the place (business, home, …).
PARTS = {
    "street": ("Street", "{} street, {} address, {} address street, {} address 1, {} street 1"),
    "street_2": ("Street 2", "{} street 2, {} address 2, {} address line 2, {} extended address, {} street line 2"),
    "street_3": ("Street 3", "{} street 3, {} address 3, {} address line 3"),
    "box": ("P.O. Box", "{} address po box, {} po box, {} postfach"),
    "city": ("City", "{} city, {} town, {} address city"),
    "region": ("Region", "{} state, {} region, {} state province, {} province, {} county, {} address state"),
    "postal_code": ("Postal Code", "{} postal code, {} zip, {} zip code, {} zipcode, {} postcode, {} address zip"),
    "country": ("Country", "{} country region, {} country, {} address country, {} country code"),
}
#: The same in German, where the place comes last.
GERMAN = {
    "street": "straße {}, adresse {}", "street_2": "straße {} 2", "street_3": "straße {} 3", "box": "postfach {}",
    "city": "ort {}, stadt {}", "region": "region {}, bundesland kanton {}, bundesland {}, kanton {}",
    "postal_code": "postleitzahl {}, plz {}", "country": "land region {}, land {}",
}  # fmt: skip
PLACE_WORDS = {"work": ("business", "work", "geschäftlich"), "home": ("home", "personal", "privat")}
PLACE_WORDS["other"] = ("other", "other", "weitere")
#: What stands alone, in a table that knows one address only.
ALONE = {
    "street": "street, address, street address, mailing street, address line 1, address 1, straße, strasse, adresse, "
    "anschrift, rue, calle, dirección, via, indirizzo",
    "street_2": "address line 2, address 2, street 2, adresszusatz, complément d'adresse",
    "box": "po box, postfach, boîte postale",
    "city": "city, town, mailing city, locality, ort, stadt, ville, ciudad, città",
    "region": "state, region, province, state province, mailing state, bundesland, kanton, région, provincia, regione",
    "postal_code": "postal code, zip, zip code, postcode, mailing zip postal code, plz, postleitzahl, code postal, "
    "código postal, cap",
    "country": "country, country region, mailing country, land, pays, país, paese",
}

PHONES = (
    Reach("business_phone", "Business Phone", "phone", ("work",), """
        work phone, phone, telephone, phone number, office phone, business telephone, tel, primary phone, main phone,
        telefon geschäftlich, telefon, telefonnummer, haupttelefon, téléphone professionnel, téléphone, teléfono del
        trabajo, teléfono, telefono ufficio, telefono"""),
    Reach("mobile_phone", "Mobile Phone", "phone", ("cell",), """
        mobile, cell, cell phone, mobile number, mobiltelefon, mobilnummer, handy, handynummer, natel, téléphone
        mobile, portable, móvil, teléfono móvil, cellulare"""),
    Reach("home_phone", "Home Phone", "phone", ("home",), """
        private phone, personal phone, telefon privat, telefon (privat), téléphone domicile, teléfono particular,
        telefono abitazione"""),
    Reach("business_phone_2", "Business Phone 2", "phone", ("work",), """
        work phone 2, phone 2, telefon geschäftlich 2, telefon 2""", spare=True),
    Reach("home_phone_2", "Home Phone 2", "phone", ("home",), "telefon (privat 2), telefon privat 2", spare=True),
    Reach("company_phone", "Company Main Phone", "phone", ("work",), "company phone, telefon firma", spare=True),
    Reach("other_phone", "Other Phone", "phone", (), "weiteres telefon, autre téléphone", spare=True),
    Reach("business_fax", "Business Fax", "phone", ("work", "fax"), """
        fax, fax number, work fax, fax geschäftlich, faxnummer, télécopie, número de fax""", spare=True),
    Reach("home_fax", "Home Fax", "phone", ("home", "fax"), "fax privat", spare=True),
    Reach("pager", "Pager", "phone", ("pager",), "pager number", spare=True),
)  # fmt: skip
EMAILS = (
    Reach("email", "E-mail", "email", (), """
        e-mail address, email, email address, mail, primary email, e-mail 1 value, email 1, e-mail 1 address, work
        email, business email, e-mail-adresse, emailadresse, adresse e-mail, courriel, correo electrónico, correo,
        indirizzo e-mail""", typed="email_type"),
    Reach("email_2", "E-mail 2", "email", (), """
        e-mail 2 address, e-mail 2 value, email 2, secondary email, personal email, other email, private email,
        e-mail 2: adresse, e-mail-adresse 2, e-mail privat""", typed="email_2_type"),
    Reach("email_3", "E-mail 3", "email", (), """
        e-mail 3 address, e-mail 3 value, email 3, e-mail 3: adresse, e-mail-adresse 3""", typed="email_3_type",
        spare=True),
    Reach("email_4", "E-mail 4", "email", (), "e-mail 4 value, e-mail 4 address", typed="email_4_type", spare=True),
)  # fmt: skip
WEBSITES = (
    Reach("website", "Web Site", "website", (), """
        web page, website, website 1 value, web page 1, homepage, url, business homepage, internet, webseite, website
        firma, site web, sitio web, página web, sito web""", typed="website_type"),
    Reach("website_2", "Web Site 2", "website", (), """
        website 2 value, web page 2, personal web page, personal website""", typed="website_2_type", spare=True),
)  # fmt: skip
NUMBERED = range(1, 6)  # Google writes “Phone 3 - Value” and “Phone 3 - Label”
ADDRESSES = ("work", "home", "other", *(f"address_{number}" for number in range(1, 4)))


WHO = (
    Field("name", "Name", longest=100, synonyms=words("""
        full name, display name, contact name, person, file as, vollständiger name, anzeigename, angezeigter name,
        nom complet, nombre completo, nome completo""")),
    Field("first_name", "First Name", longest=100, synonyms=words("""
        given name, forename, firstname, vorname, prénom, nombre, nombre de pila, nome""")),
    Field("middle_name", "Middle Name", longest=100, spare=True, synonyms=words("""
        additional name, middle names, weitere vornamen, zweiter vorname, deuxième prénom, segundo nombre""")),
    Field("last_name", "Last Name", longest=100, synonyms=words("""
        family name, surname, lastname, nachname, familienname, zuname, nom de famille, nom, apellido, apellidos,
        cognome""")),
    Field("prefix", "Name Prefix", longest=100, spare=True, synonyms=words("""
        honorific prefix, salutation, anrede, civilité, tratamiento, title""")),
    Field("suffix", "Name Suffix", longest=100, spare=True, synonyms=words("""
        suffix, honorific suffix, namenszusatz""")),
    Field("company", "Company", longest=100, synonyms=words("""
        organization, organisation, company name, organization name, organization 1 name, account, account name,
        employer, firma, firmenname, unternehmen, entreprise, société, empresa, compañía, azienda, società""")),
    Field("department", "Department", longest=100, spare=True, synonyms=words("""
        organization department, organization 1 department, abteilung, service, département, departamento, reparto""")),
    Field("job_title", "Job Title", longest=100, synonyms=words("""
        title, position, organization title, organization 1 title, job, occupation, berufsbezeichnung, stellung,
        poste, fonction, cargo, puesto, qualifica, ruolo""")),
    Field("function", "Function", longest=100, spare=True, synonyms=words("profession, role, funktion, beruf")),
    Field("nickname", "Nickname", longest=100, spare=True, synonyms=words("spitzname, surnom, apodo, soprannome")),
    Field("categories", "Categories", longest=200, spare=True, synonyms=words("""
        labels, group membership, category, groups, keywords, kategorien, catégories, categorías, categorie""")),
    Field("notes", "Notes", longest=4000, synonyms=words("""
        note, comments, comment, description, remarks, notizen, notiz, bemerkungen, kommentar, remarques,
        commentaires, notas, comentarios, commenti""")),
)  # fmt: skip


def _phones() -> Iterator[Reach]:
    yield from PHONES
    for number in NUMBERED:
        name = f"phone_{number}"
        yield Reach(name, f"Phone {number}", "phone", (), f"phone {number} value", typed=f"{name}_type", spare=True)


REACHES = (*EMAILS, *_phones(), *WEBSITES)


def _reach() -> Iterator[Field]:
    for each in REACHES:
        yield Field(each.name, each.label, longest=254, spare=each.spare, synonyms=words(each.headings))
        if each.typed:
            number = next((part for part in each.name.split("_") if part.isdecimal()), "1")
            of = {"email": "e-mail", "phone": "phone", "website": "website"}[each.kind]
            told = f"{of} {number} type, {of} {number} label"
            yield Field(each.typed, f"{each.label} Type", longest=100, spare=True, synonyms=words(told))


def _addresses() -> Iterator[Field]:
    for place in ADDRESSES:
        number = place.removeprefix("address_")
        label = PLACES.get(place, f"Address {number}")
        for part, (of, english) in PARTS.items():
            told = ", ".join(english.format(*[word] * 9) for word in _english(place, number)) if place else ""
            if place in PLACE_WORDS:
                told += ", " + GERMAN[part].format(*[PLACE_WORDS[place][2]] * 9)
            if place == "work":
                told += f", {ALONE[part]}" if part in ALONE else ""
            spare = place != "work" or part in ("street_2", "street_3", "box")
            yield Field(f"{place}_{part}", f"{label} {of}", longest=200, spare=spare, synonyms=words(told))
        if place not in PLACES:
            told = f"address {number} type, address {number} label"
            yield Field(f"{place}_type", f"{label} Type", longest=100, spare=True, synonyms=words(told))


def _english(place: str, number: str) -> tuple[str, ...]:
    return PLACE_WORDS[place][:2] if place in PLACE_WORDS else (f"address {number}",)


CONTACT_FIELDS = (*WHO, *_reach(), *_addresses())
