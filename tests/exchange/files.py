"""Small files to import: the same five opportunities, written in several ways."""

HEAD = (
    "Opportunity No,Account,Account Number,Industry,Owner,Product,"
    "Status,Sales Stage,Probability,Value,Created On,Close Date\n"
)
ROWS = (
    '101,Tromp LLC,AN-1,Services,David So,"Cover 6""",Lost,1-Qualify,0.1,4545,2021-08-17,2021-11-01\n',
    "102,Tromp LLC,AN-2,Trade,David So,Reader,In Progress,4-Close,0.9,12500.50,2021-08-13,2021-09-22\n",
    "103,Marks Group,AN-3,,Renée Lo,Reader,Won,1-Qualify,0.1,100,2021-08-01,2021-08-31\n",
    "104,Marks Group,AN-3,Oil,Renée Lo,Reader,In Progress,2-Develop,0.35,2000,2021-08-01,2022-05-01\n",
    "105,Öl & Söhne,AN-4,Oil,,,In Progress,,,,2021-08-01,\n",
)
ENGLISH = HEAD + "".join(ROWS)
EUROPEAN = (
    "Geschätzter Umsatz;Erstellt am;Kundennummer;Kunde;Verkaufsphase;Status;Besitzer;Verkaufschance-Nr.;"
    "Wahrscheinlichkeit;Voraussichtlicher Abschluss;Branche;Produkt\n"
    '4.545,00;17.08.2021;AN-1;Tromp LLC;1-Qualify;Verloren;David So;101;10 %;01.11.2021;Services;"Cover 6"""\n'
    "12.500,50;13.08.2021;AN-2;Tromp LLC;4-Close;In Bearbeitung;David So;102;90 %;22.09.2021;Trade;Reader\n"
    "100,00;01.08.2021;AN-3;Marks Group;1-Qualify;Gewonnen;Renée Lo;103;10 %;31.08.2021;;Reader\n"
    "2.000,00;01.08.2021;AN-3;Marks Group;2-Develop;In Bearbeitung;Renée Lo;104;35 %;01.05.2022;Oil;Reader\n"
    ";01.08.2021;AN-4;Öl & Söhne;;In Bearbeitung;;105;;;Oil;\n"
)
WITHOUT_NUMBERS = (
    "Account,Opportunity Name,Stage,Amount,Created Date,Close Date\n"
    "Acme,Roof,Propose,500,1/25/2022,3/1/2022\n"
    "acme,Cellar,Closed Won,700,1/26/2022,2/1/2022\n"
    "Globex,Door,Closed Lost,900,1/27/2022,2/2/2022\n"
)
BAD = HEAD + (
    "201,Acme,AN-1,,Ann Lee,,In Progress,1-Qualify,0.1,100,2021-08-17,2021-11-01\n"
    "202,Acme,AN-1,,Ann Lee,,In Progress,9-Nowhere,0.1,100,2021-08-17,2021-11-01\n"
    "203,Acme,AN-1,,Ann Lee,,Won,1-Qualify,0.1,100,2021-08-17,\n"
    "204,Acme,AN-1,,Ann Lee,,In Progress,1-Qualify,0.1,a lot,2021-08-17,2021-11-01\n"
    "201,Acme,AN-1,,Ann Lee,,In Progress,1-Qualify,0.1,100,2021-08-17,2021-11-01\n"
    "206,,AN-1,,Ann Lee,,In Progress,1-Qualify,0.1,100.123,2021-08-17,2021-11-01\n"
    "207,Acme,AN-1,,Ann Lee,,Lost,1-Qualify,0.1,100,2021-08-17,2021-08-01\n"
    "208,Acme,AN-1,,Ann Lee\n"
)
