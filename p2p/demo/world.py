"""The world of the demo: our team, the trade we sell to, who works there, and who bids against us. All invented."""

from dataclasses import dataclass

#: (name, e-mail, role); the first is the manager, the last the viewer. The cast of the tests is among them.
TEAM = [
    ("Max Keller", "max@example.com", "manager"),
    ("Rita Sommer", "rita@example.com", "representative"),
    ("Rolf Weber", "rolf@example.com", "representative"),
    ("Lena Fischer", "lena@example.com", "representative"),
    ("Jonas Meier", "jonas@example.com", "representative"),
    ("Astrid Nilsson", "astrid@example.com", "representative"),
    ("Oliver Grant", "oliver@example.com", "representative"),
    ("Vera Lang", "vera@example.com", "viewer"),
]


@dataclass(frozen=True)
class Place:
    """A town with what its telephone numbers begin with."""

    city: str
    postal_code: str
    country: str
    phone: str
    district: str


_CH, _DE, _AT, _SE, _DK, _NO, _UK = "Switzerland", "Germany", "Austria", "Sweden", "Denmark", "Norway", "United Kingdom"
PLACES = {
    place.city: place
    for place in (
        Place("Winterthur", "8400", _CH, "+41 52 555 1", "Zurich and East"),
        Place("Zürich", "8005", _CH, "+41 44 555 1", "Zurich and East"),
        Place("Bern", "3007", _CH, "+41 31 555 1", "Bern and West"),
        Place("Biel", "2502", _CH, "+41 32 555 1", "Bern and West"),
        Place("Aarau", "5000", _CH, "+41 62 555 1", "Zurich and East"),
        Place("Langenthal", "4900", _CH, "+41 62 555 2", "Bern and West"),
        Place("St. Gallen", "9000", _CH, "+41 71 555 1", "Zurich and East"),
        Place("Luzern", "6003", _CH, "+41 41 555 1", "Bern and West"),
        Place("Basel", "4057", _CH, "+41 61 555 1", "Bern and West"),
        Place("Frauenfeld", "8500", _CH, "+41 52 555 2", "Zurich and East"),
        Place("Lausanne", "1004", _CH, "+41 21 555 1", "Bern and West"),
        Place("Stuttgart", "70565", _DE, "+49 711 5550", "Germany and Austria"),
        Place("Augsburg", "86159", _DE, "+49 821 5550", "Germany and Austria"),
        Place("Ulm", "89077", _DE, "+49 731 5550", "Germany and Austria"),
        Place("Bielefeld", "33609", _DE, "+49 521 5550", "Germany and Austria"),
        Place("Chemnitz", "09120", _DE, "+49 371 5550", "Germany and Austria"),
        Place("Kassel", "34123", _DE, "+49 561 5550", "Germany and Austria"),
        Place("Linz", "4020", _AT, "+43 732 5550", "Germany and Austria"),
        Place("Göteborg", "417 55", _SE, "+46 31 390 0", "Nordics"),
        Place("Malmö", "211 24", _SE, "+46 40 628 0", "Nordics"),
        Place("Västerås", "721 30", _SE, "+46 21 390 0", "Nordics"),
        Place("Aarhus", "8000", _DK, "+45 86 55 1", "Nordics"),
        Place("Odense", "5000", _DK, "+45 66 15 1", "Nordics"),
        Place("Bergen", "5003", _NO, "+47 55 55 1", "Nordics"),
        Place("Leeds", "LS10 1AB", _UK, "+44 113 496 0", "Britain"),
        Place("Sheffield", "S9 2YZ", _UK, "+44 114 496 0", "Britain"),
        Place("Birmingham", "B7 4AA", _UK, "+44 121 496 0", "Britain"),
        Place("Bristol", "BS4 3QA", _UK, "+44 117 496 0", "Britain"),
    )
}
CURRENCIES = {_CH: "CHF", _DE: "EUR", _AT: "EUR", _SE: "SEK", _DK: "DKK", _NO: "NOK", _UK: "GBP"}
STREETS = {
    "Switzerland": ["Industriestrasse", "Bahnhofstrasse", "Fabrikweg", "Werkstrasse", "Giessereistrasse"],
    "Germany": ["Industriestraße", "Am Güterbahnhof", "Werkstraße", "Daimlerweg", "Hafenstraße"],
    "Austria": ["Industriezeile", "Voltastraße"],
    "Sweden": ["Industrigatan", "Verkstadsvägen", "Hamngatan"],
    "Denmark": ["Fabriksvej", "Havnegade"],
    "Norway": ["Industriveien", "Verftsgaten"],
    "United Kingdom": ["Foundry Lane", "Canal Road", "Works Street", "Station Approach"],
}
NUMBER_FIRST = ("United Kingdom",)

#: (name, town, line of business) of who we sell to.
ORGANIZATIONS = [
    ("Brühlmann Fördertechnik AG", "Winterthur", "Intralogistics"),
    ("Molkerei Seetal AG", "Luzern", "Food and drink"),
    ("Hasler Präzisionsguss AG", "Aarau", "Metal"),
    ("Kartonwerk Aare AG", "Langenthal", "Packaging"),
    ("Tannwald Holzwerke AG", "Bern", "Wood and paper"),
    ("Jurawatch Composants SA", "Biel", "Precision parts"),
    ("Säntis Textil AG", "St. Gallen", "Textiles"),
    ("Rheinhafen Chemie AG", "Basel", "Chemicals"),
    ("Thurgauer Obstverwertung AG", "Frauenfeld", "Food and drink"),
    ("Limmat Druckzentrum AG", "Zürich", "Printing"),
    ("Pilatus Kunststoffe AG", "Luzern", "Plastics"),
    ("Emmental Käse Logistik AG", "Langenthal", "Food and drink"),
    ("Biscuiterie du Léman SA", "Lausanne", "Food and drink"),
    ("Eulach Getriebebau AG", "Winterthur", "Machinery"),
    ("Wasserwerke Aaretal", "Bern", "Utilities"),
    ("Nordring Armaturen AG", "Basel", "Metal"),
    ("Gubrist Tunneltechnik AG", "Zürich", "Machinery"),
    ("Bodensee Pharma Verpackung AG", "St. Gallen", "Packaging"),
    ("Laborbau Seeland AG", "Biel", "Precision parts"),
    ("Klinik Wäscherei Mittelland", "Aarau", "Textiles"),
    ("Neckartal Pressteile GmbH", "Stuttgart", "Automotive"),
    ("Filderwerk Antriebe GmbH", "Stuttgart", "Machinery"),
    ("Lechfeld Papier GmbH & Co. KG", "Augsburg", "Wood and paper"),
    ("Donaustahl Rohrsysteme GmbH", "Ulm", "Metal"),
    ("Münsterbräu Ulm GmbH", "Ulm", "Food and drink"),
    ("Teuto Küchenmöbel GmbH", "Bielefeld", "Wood and paper"),
    ("Ravensberg Tiefkühlkost GmbH", "Bielefeld", "Food and drink"),
    ("Erzgebirge Werkzeugbau GmbH", "Chemnitz", "Machinery"),
    ("Sachsenring Sitzsysteme GmbH", "Chemnitz", "Automotive"),
    ("Fuldatal Bahntechnik GmbH", "Kassel", "Rail"),
    ("Herkules Reifenlogistik GmbH", "Kassel", "Intralogistics"),
    ("Voralpen Kunstharz GmbH", "Augsburg", "Plastics"),
    ("Donaulände Maschinenfabrik GmbH", "Linz", "Machinery"),
    ("Traunviertel Molkereien eG", "Linz", "Food and drink"),
    ("Hisinge Lagerteknik AB", "Göteborg", "Intralogistics"),
    ("Älvstranden Bruk AB", "Göteborg", "Wood and paper"),
    ("Öresund Förpackning AB", "Malmö", "Packaging"),
    ("Mälar Turbinservice AB", "Västerås", "Energy"),
    ("Västmanland Gjuteri AB", "Västerås", "Metal"),
    ("Jysk Vindkomponent A/S", "Aarhus", "Energy"),
    ("Aarhus Bugt Mejeri A/S", "Aarhus", "Food and drink"),
    ("Fyns Robotværksted A/S", "Odense", "Machinery"),
    ("Vestland Havbruk AS", "Bergen", "Food and drink"),
    ("Fjordline Verft AS", "Bergen", "Shipbuilding"),
    ("Aire Valley Bakeries Ltd", "Leeds", "Food and drink"),
    ("Kirkstall Castings Ltd", "Leeds", "Metal"),
    ("Don Valley Specialty Steels Ltd", "Sheffield", "Metal"),
    ("Aston Rail Components Ltd", "Birmingham", "Rail"),
    ("Gravelly Hill Pressings Ltd", "Birmingham", "Automotive"),
    ("Avonside Packaging Ltd", "Bristol", "Packaging"),
]
#: (name, town, what they do) of persons we deal with directly.
PERSONS = [
    ("Beat Ammann", "Bern", "Consulting engineer; plans plants for smaller dairies."),
    ("Sabine Krüger", "Stuttgart", "Independent project manager, brings us into tenders."),
    ("Lars Dahlgren", "Malmö", "Owns two small workshops."),
    ("Fiona Hartley", "Sheffield", "Consultant for energy audits."),
]
#: (name, town, description, strengths, prices, notes) of who bids for the same work.
COMPETITORS = [
    (
        "Automatik Rheintal AG",
        "St. Gallen",
        "Turnkey automation, strong in food plants",
        "Large service crew; 4 hours on site.",
        "Rarely below us; discounts in the last quarter.",
        "Bids late and knows our prices from former customers.",
    ),
    (
        "Südwerk Steuerungen GmbH",
        "Ulm",
        "Controls and retrofits for presses",
        "Fast commissioning, own panel shop.",
        "5 to 8 % below us on retrofits.",
        "Weak on documentation; customers complain about change requests.",
    ),
    (
        "Nordisk Linjeteknik AB",
        "Göteborg",
        "Palletising and conveying in the north",
        "Standard cells from stock in eight weeks.",
        "Fixed price list, no haggling.",
        "Avoids anything that is not a standard cell.",
    ),
    (
        "Pennine Control Systems Ltd",
        "Leeds",
        "MES and plant software in Britain",
        "Good reporting, close to plant managers.",
        "Sells licences cheaply and earns on service.",
        "Two lost pilots in 2024 hurt their name.",
    ),
    (
        "Prüftechnik Donau GmbH",
        "Linz",
        "Test benches for drives and pumps",
        "Best measuring technology in the region.",
        "10 % above us, delivers late.",
        "We won three of the last five against them.",
    ),
    (
        "Datawerk Solutions AG",
        "Zürich",
        "Portals and energy monitoring",
        "Sells to management, pretty screens.",
        "Low entry price, expensive per measuring point.",
        "No people for the shop floor.",
    ),
]

#: First and last names, by country.
FIRST_NAMES = {
    "Switzerland": "Urs Monika Reto Claudia Daniel Nadine Thomas Barbara Marco Sandra Christoph Karin".split(),
    "Germany": "Stefan Anja Michael Petra Jürgen Katrin Frank Susanne Holger Birgit Matthias Heike".split(),
    "Austria": "Gerhard Elisabeth Florian Eva Johann Martina".split(),
    "Sweden": "Magnus Karin Henrik Sofia Per Ingrid Mikael Annika".split(),
    "Denmark": "Søren Mette Jens Kirsten Torben Hanne".split(),
    "Norway": "Geir Silje Bjørn Ragnhild".split(),
    "United Kingdom": "Andrew Helen Stephen Rachel Martin Joanne Peter Claire".split(),
}
LAST_NAMES = {
    "Switzerland": "Zimmermann Baumann Gerber Wyss Hofer Studer Lüthi Frei Bürgi Moser Kaufmann Arnold".split(),
    "Germany": "Schuster Brandt Vogel Ziegler Hartmann Lorenz Seidel Krause Winkler Beck Pohl Engel".split(),
    "Austria": "Gruber Steiner Pichler Eder Leitner Aigner".split(),
    "Sweden": "Lindqvist Bergström Ekman Sandberg Holm Wallin Nyström Åkesson".split(),
    "Denmark": "Mikkelsen Østergaard Friis Lauridsen Kjær Bach".split(),
    "Norway": "Haugen Solberg Nygård Bakke".split(),
    "United Kingdom": "Whitaker Barnes Holroyd Pearce Sutton Marsh Ellison Doyle".split(),
}
#: (job title, function, decision role) of people who act for an organization.
POSITIONS = [
    ("Plant manager", "Production", "Decides"),
    ("Head of purchasing", "Purchasing", "Buys"),
    ("Head of engineering", "Engineering", "Recommends"),
    ("Managing director", "Management", "Decides"),
    ("Maintenance manager", "Production", "Uses"),
    ("Controller", "Finance", "Blocks"),
    ("Project engineer", "Engineering", "Recommends"),
    ("Shift supervisor", "Production", "Uses"),
]
