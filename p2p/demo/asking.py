"""Who asks the demo's team for something, for what, and what is written down about it. All invented."""

#: (company as it was typed, town, line of interest) of those who are not in the address book.
STRANGERS = [
    ("Albula Kraftwerk", "Zürich", "Energy monitoring for two power houses"),
    ("Bözberg Möbel", "Aarau", "Robot for sanding fronts"),
    ("Churfirsten Getränke AG", "St. Gallen", "Faster palletising of cans"),
    ("Dübendorfer Galvanik", "Zürich", "Retrofit of the plating line"),
    ("Emmenfeld Mühle AG", "Luzern", "Controls for the mixing tower"),
    ("Fricktal Ziegelei", "Basel", "Setting robot for bricks"),
    ("Glattal Blechtechnik", "Winterthur", "Press feeding, two shifts"),
    ("Hauenstein Kabel AG", "Aarau", "Traceability of drums"),
    ("Inntal Fenster GmbH", "Linz", "Conveyors between two halls"),
    ("Jagsttal Federn GmbH", "Stuttgart", "Test bench for valve springs"),
    ("Kinzig Spanplatten GmbH", "Augsburg", "Dust and safety upgrade"),
    ("Lahntal Wäscherei", "Kassel", "Sorting plant for linen"),
    ("Maingau Backwaren", "Kassel", "Depalletising of trays"),
    ("Nagold Zahnrad GmbH", "Stuttgart", "Downtime recording, 20 machines"),
    ("Oderbruch Frischgeflügel", "Chemnitz", "Label printing and tracking"),
    ("Pegnitz Spielwaren GmbH", "Augsburg", "Packing cell for small boxes"),
    ("Queis Keramik", "Chemnitz", "Kiln controls out of service"),
    ("Remstal Kelterei eG", "Ulm", "Bottling line controls"),
    ("Saale Medizintechnik", "Chemnitz", "Electronic batch records"),
    ("Taubertal Werkzeuge", "Ulm", "Tool management"),
    ("Ätran Plåt AB", "Göteborg", "Bending cell"),
    ("Bohus Konserv AB", "Göteborg", "Retort line, new controls"),
    ("Dalälven Såg AB", "Västerås", "Optimiser for the edger"),
    ("Ekolns Färg AB", "Västerås", "Dosing of small batches"),
    ("Falsterbo Fisk AB", "Malmö", "Box handling in the cold store"),
    ("Gudenå Plast A/S", "Aarhus", "Robots at eight moulding machines"),
    ("Horsens Jern A/S", "Aarhus", "Welding cell"),
    ("Isefjord Meieri A/S", "Odense", "CIP controls"),
    ("Jæren Slakteri AS", "Bergen", "Hygienic conveyor"),
    ("Kvinnherad Laks AS", "Bergen", "Feeding control"),
    ("Lune Valley Foods Ltd", "Leeds", "Case packer"),
    ("Medway Glass Ltd", "Bristol", "Inspection at the cold end"),
    ("Nene Plastics Ltd", "Birmingham", "MES for the moulding shop"),
    ("Ouseburn Brewery Ltd", "Leeds", "Keg line"),
    ("Peak Limestone Ltd", "Sheffield", "Bagging plant"),
    ("Ribble Paper Ltd", "Sheffield", "Drives for the slitter"),
]

#: (name, type, from–to in days ago, cost in francs, status) of what was done to be asked.
CAMPAIGNS = [
    ("Automation fair Zürich 2026", "Fair", 64, 60, 42_000, "follow_up"),
    ("Retrofit mailing, spring", "Mailing", 245, 200, 6_500, "closed"),
    ("Energy check call round", "Calls", 150, 95, 11_000, "response"),
    ("Open day, test hall", "Open day", 380, 379, 9_000, "closed"),
    ("Packaging webinar", "Web", -20, -20, 3_000, "planning"),
]

#: Source → how often leads come from there, and what is noted about it.
SOURCES = {
    "Web": (34, "contact form"),
    "Campaign": (38, None),
    "Phone": (22, "called the switchboard"),
    "Customer": (18, None),
    "Worker": (14, None),
    "Event": (14, "supplier day"),
    "Other": (10, "card in the letter box"),
}

WORDS = [
    "Wants a rough figure before the budget round in autumn.",
    "Saw our cell at a neighbour’s and asked how long such a thing takes.",
    "Line stands still twice a week; the plant manager wants to act.",
    "Compares three suppliers. Prefers somebody who speaks their language.",
    "Asks for a visit. Photos of the cabinet came along.",
    "Has drawings from 1996 and an operator who retires in spring.",
    "Only a question about spare parts, but the controls are of the same age.",
]

#: (category, type, what, what came of it) of work on leads, in the order in which it is done.
FIRST_WORK = [
    ("action", "Call", "First call", "Reached. Talks to purchasing and calls back."),
    ("action", "Call", "First call", "Left a message with the reception."),
    ("action", "E-mail", "Send references", "Arrived; asked for a similar plant nearby."),
    ("action", "Call", "Ask about need and budget", "Budget is there for next year, not approved yet."),
    ("appointment", "Meeting", "Get to know each other", "Half an hour by video. Knows what is wanted."),
    ("task", "Note", "Look the company up", "80 people, two sites, healthy balance sheet."),
]
NEXT_WORK = [
    ("action", "Call", "Call back about the budget"),
    ("action", "E-mail", "Send the questionnaire"),
    ("appointment", "Site visit", "Look at the line"),
    ("task", "Note", "Ask engineering whether this is our trade"),
    ("action", "Call", "Ask who decides"),
]

#: Reason → note, of leads that were not qualified.
REFUSED = [
    ("No need", None),
    ("No need", "Repaired it themselves."),
    ("No budget", "Perhaps in two years."),
    ("No budget", None),
    ("No answer", "Called four times, wrote twice."),
    ("No answer", None),
    ("Not our trade", "Wanted a software shop."),
    ("Not our trade", None),
    ("Duplicate", None),
    ("Other", "A student writing a thesis."),
]
LATER = ["Budget round first.", "Moves into the new hall in spring.", "Ask again when the new plant manager is there."]
