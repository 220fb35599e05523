"""What an opportunity can take from a file, in the words of the systems and languages it may come from."""

import re
from decimal import Decimal

from p2p.exchange.fields import Field, words
from p2p.exchange.meaning import plain

# Words for the record itself: in its own table “Deal Stage” is the stage and “Opportunity Owner” the owner.
ABOUT = frozenset(
    [
        "opportunity",
        "opportunities",
        "opp",
        "deal",
        "deals",
        "chance",
        "verkaufschance",
        "verkaufschancen",
        "opportunite",
        "affaire",
        "oportunidad",
        "negocio",
        "opportunita",
        "trattativa",
    ]
)
STATUS_WORDS = {
    word: status
    for status, told in {
        "active": (
            "active, open, in progress, new, pending, ongoing, aktiv, offen, in bearbeitung, laufend, neu, actif, "
            "ouvert, ouverte, en cours, abierto, abierta, activo, activa, en curso, aperto, aperta, attivo, "
            "attiva, in corso"
        ),
        "won": (
            "won, closed won, win, sold, ordered, gewonnen, beauftragt, gagné, gagnée, remporté, ganado, ganada, "
            "vinto, vinta"
        ),
        "lost": ("lost, closed lost, loss, lose, verloren, perdu, perdue, perdido, perdida, perso, persa"),
        "canceled": (
            "canceled, cancelled, closed canceled, abandoned, dropped, withdrawn, storniert, abgebrochen, "
            "annulliert, annulé, annulée, abandonné, abandonnée, cancelado, cancelada, anulado, anulada, "
            "annullato, annullata"
        ),
        "postponed": (
            "postponed, on hold, hold, deferred, paused, zurückgestellt, verschoben, pausiert, en attente, "
            "reporté, reportée, suspendu, aplazado, aplazada, pospuesto, en espera, rinviato, rinviata, sospeso, "
            "sospesa, in attesa"
        ),
    }.items()
    for word in told.split(", ")
}


OPPORTUNITY_FIELDS = (
    Field("number", "Number", longest=20, synonyms=words("""
        opportunity no, opportunity number, opportunity id, deal id, deal number, record id, opp id, id,
        reference, verkaufschancennummer, verkaufschance nr, chancennummer, chancen id, opportunity nummer,
        vorgangsnummer, numéro opportunité, numéro d'opportunité, référence, n° affaire, número de oportunidad,
        referencia, numero opportunità, riferimento, key""")),
    Field("party", "Account", longest=100, required=True, synonyms=words("""
        account name, customer, customer name, company, company name, client, client name, organization,
        organisation, potential customer, potential account, party, party name, prospect, buyer, associated
        company, kunde, kundenname, firma, firmenname, konto, kontoname, unternehmen, auftraggeber, potenzieller
        kunde, nom du client, compte, nom du compte, entreprise, société, cliente, nombre del cliente, cuenta,
        nombre de la cuenta, empresa, compañía, nome cliente, azienda, società, ragione sociale, account nome""")),
    Field("party_number", "Account Number", longest=20, synonyms=words("""
        account no, account id, account code, customer number, customer no, customer id, customer code, customer
        account, client number, client id, company id, organization id, kundennummer, kunden nr, kunden id,
        kontonummer, debitorennummer, debitor, firmennummer, numéro de client, numéro client, code client,
        numéro de compte, número de cliente, código de cliente, número de cuenta, numero cliente, codice
        cliente, numero account, codice account""")),
    Field("subject", "Subject", longest=100, synonyms=words("""
        topic, opportunity name, deal name, title, opportunity title, name, description, opportunity, deal,
        project, project name, betreff, thema, titel, bezeichnung, verkaufschance, name der verkaufschance,
        projekt, beschreibung, sujet, objet, titre, nom de l'opportunité, opportunité, intitulé, projet, asunto,
        tema, título, nombre de la oportunidad, oportunidad, proyecto, oggetto, titolo, argomento, nome
        opportunità, opportunità, progetto""")),
    Field("owner", "Owner", longest=100, synonyms=words("""
        opportunity owner, deal owner, owner name, sales representative, sales rep, rep, salesperson, sales
        person, sales agent, responsible, responsible worker, assigned to, assignee, seller, besitzer, inhaber,
        verantwortlich, verantwortlicher, zuständig, vertriebsmitarbeiter, verkäufer, bearbeiter, zugewiesen an,
        propriétaire, responsable, commercial, vendeur, attribué à, propietario, vendedor, comercial, asignado
        a, proprietario, titolare, responsabile, venditore, commerciale, assegnato a""")),
    Field("status", "Status", kind="choice", one_of=STATUS_WORDS, synonyms=words("""
        opportunity status, deal status, state, state code, outcome, result, zustand, ergebnis, statut, état,
        résultat, estado, resultado, situación, stato, esito, risultato""")),
    Field("stage", "Sales Stage", synonyms=words("""
        stage, stage name, deal stage, opportunity stage, pipeline stage, phase, sales phase, pipeline phase,
        process stage, current stage, verkaufsphase, vertriebsphase, stufe, vertriebsstufe, verkaufsstufe,
        étape, étape de vente, phase de vente, etapa, etapa de venta, fase, fase de venta, fase di vendita, fase
        vendita, stadio""")),
    Field("probability", "Probability", kind="percent", least=Decimal(0), most=Decimal(100), synonyms=words("""
        probability percent, win probability, close probability, deal probability, chance to win, win chance,
        likelihood, wahrscheinlichkeit, abschlusswahrscheinlichkeit, gewinnwahrscheinlichkeit,
        erfolgswahrscheinlichkeit, auftragswahrscheinlichkeit, probabilité, probabilité de gain, probabilidad,
        probabilidad de cierre, probabilità, probabilità di chiusura""")),
    Field("revenue", "Estimated Revenue", kind="money", least=Decimal(0), synonyms=words("""
        est revenue, expected revenue, revenue, potential revenue, amount, value, deal value, deal amount,
        opportunity value, opportunity amount, estimated value, expected value, total amount, deal size, volume,
        sales volume, geschätzter umsatz, erwarteter umsatz, umsatz, wert, betrag, auftragswert, auftragssumme,
        volumen, auftragsvolumen, summe, revenu estimé, chiffre d'affaires, chiffre d'affaires estimé, montant,
        valeur, importe, ingresos estimados, ingresos, valor, monto, ricavo stimato, ricavi stimati, importo,
        valore, fatturato stimato""")),
    Field("currency", "Currency", kind="currency", synonyms=words("""
        currency code, transaction currency, deal currency, iso currency, currency of value, währung,
        währungscode, waehrung, devise, monnaie, code devise, moneda, divisa, código de moneda, valuta, codice
        valuta, moneta""")),
    Field("created_on", "Created On", kind="date", synonyms=words("""
        created, created date, create date, creation date, date created, created at, date of creation, opened,
        opened on, open date, opening date, engage date, deal created, erstellt am, erstellt, erstelldatum,
        erstellungsdatum, angelegt am, angelegt, anlagedatum, eröffnet am, date de création, créé le, créée le,
        crée le, fecha de creación, creado el, creado, creada el, fecha de alta, data di creazione, data
        creazione, creato il, creata il""")),
    Field("close_date", "Close Date", kind="date", synonyms=words("""
        closing date, closed date, closed on, closed, est close date, expected close date, expected close,
        expected closing date, estimated close date, estimated closing date, actual close date, date closed,
        decision date, decide by, due date, abschlussdatum, abschluss am, geschlossen am, erwarteter abschluss,
        voraussichtlicher abschluss, geplanter abschluss, voraussichtliches abschlussdatum, geschätztes
        abschlussdatum, erwartetes abschlussdatum, entscheidungsdatum, entscheidung am, abschluss, date de
        clôture, clôture, clôturé le, date de clôture prévue, date de fermeture, date de décision, fecha de
        cierre, cierre, cerrado el, fecha estimada de cierre, fecha de cierre prevista, fecha de decisión, data
        di chiusura, data chiusura, chiusura, chiuso il, data di chiusura prevista, data chiusura prevista, data
        di decisione""")),
    Field("product", "Product", longest=100, synonyms=words("""
        product name, product interest, item, article, produkt, produktname, artikel, produit, nom du produit,
        producto, artículo, nombre del producto, prodotto, articolo, nome prodotto""")),
)  # fmt: skip


def stage_key(name: str) -> str:
    """A stage name as it is compared: `1-Qualify`, `01. qualify` and `Qualify` are the same."""
    return plain(re.sub(r"^[\W\d_]+(?=[^\W\d_])", "", name.strip()))
