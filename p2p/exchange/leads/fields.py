"""What a lead can take from a file, in the words of the systems and languages it may come from."""

from p2p.exchange.fields import Field, words

# Words for the record itself: in its own table “Lead Status” is the status and “Lead Owner” the owner.
ABOUT = frozenset(["lead", "leads", "interessent", "interessenten", "prospect", "piste", "pistes", "candidato"])
STATUS_WORDS = {
    word: status
    for status, told in {
        "open": (
            "open, new, contacted, working, in progress, attempted to contact, attempted, open not contacted, "
            "working contacted, active, in bearbeitung, offen, neu, kontaktiert, aktiv, ouvert, ouverte, nouveau, "
            "nouvelle, en cours, contacté, abierto, abierta, nuevo, nueva, en curso, contactado, aperto, aperta, "
            "nuovo, nuova, in corso, contattato"
        ),
        "qualified": (
            "qualified, converted, closed converted, won, qualifiziert, konvertiert, gewonnen, qualifié, qualifiée, "
            "converti, convertie, calificado, calificada, cualificado, convertido, qualificato, qualificata, convertito"
        ),
        "not_qualified": (
            "not qualified, disqualified, unqualified, closed not converted, not converted, lost, junk, dead, "
            "rejected, canceled, cancelled, closed, nicht qualifiziert, disqualifiziert, verloren, abgelehnt, "
            "non qualifié, non qualifiée, disqualifié, disqualifiée, perdu, no calificado, descalificado, perdido, "
            "non qualificato, squalificato, perso"
        ),
        "postponed": (
            "postponed, on hold, nurturing, nurture, recycled, later, deferred, zurückgestellt, verschoben, pausiert, "
            "reporté, reportée, en attente, aplazado, pospuesto, en espera, rinviato, in attesa"
        ),
    }.items()
    for word in told.split(", ")
}

LEAD_FIELDS = (
    Field("number", "Number", longest=20, synonyms=words("""
        lead no, lead number, lead id, id, record id, reference, key, leadnummer, lead nr, interessentennummer,
        vorgangsnummer, numéro de piste, référence, número de lead, referencia, numero lead, riferimento""")),
    Field("subject", "Subject", longest=100, synonyms=words("""
        topic, title of lead, lead title, lead name, about, interest, interested in, request, inquiry, enquiry,
        betreff, thema, anfrage, interesse, bezeichnung, sujet, objet, demande, intérêt, asunto, tema, interés,
        consulta, oggetto, argomento, richiesta, interesse per""")),
    Field("company", "Company", longest=100, synonyms=words("""
        company name, account, account name, organization, organisation, organization name, employer, customer,
        client, party, business, firma, firmenname, unternehmen, konto, kunde, organisation name, entreprise,
        société, compte, organisme, empresa, compañía, cuenta, organización, azienda, società, ragione sociale,
        organizzazione""")),
    Field("person", "Name", longest=100, synonyms=words("""
        full name, contact, contact name, contact person, person, lead contact, your name, vollständiger name,
        ansprechpartner, kontakt, kontaktperson, kontaktname, nom complet, contact principal, personne, nombre
        completo, contacto, persona, nome completo, contatto, referente""")),
    Field("first_name", "First Name", longest=100, synonyms=words("""
        given name, forename, firstname, vorname, prénom, nombre, nombre de pila, nome""")),
    Field("last_name", "Last Name", longest=100, synonyms=words("""
        family name, surname, lastname, nachname, familienname, zuname, nom de famille, apellido, apellidos,
        cognome""")),
    Field("email", "E-mail", kind="email", longest=254, synonyms=words("""
        email, email address, e-mail address, mail, mail address, email 1, primary email, work email, business
        email, e-mail-adresse, emailadresse, adresse e-mail, courriel, adresse électronique, correo, correo
        electrónico, dirección de correo, posta elettronica, indirizzo e-mail, indirizzo email""")),
    Field("phone", "Phone", longest=40, synonyms=words("""
        telephone, phone number, business phone, work phone, mobile phone, mobile, main phone, tel, contact
        number, telefon, telefonnummer, telefon geschäftlich, rufnummer, mobiltelefon, handy, téléphone, numéro
        de téléphone, portable, teléfono, número de teléfono, móvil, telefono, numero di telefono, cellulare""")),
    Field("source", "Source", longest=100, synonyms=words("""
        lead source, source code, origin, channel, how did you hear about us, quelle, leadquelle, herkunft,
        lead-quelle, ursprung, origine, provenance, source de la piste, origen, fuente, origen del lead, fonte,
        origine lead, provenienza""")),
    Field("campaign", "Campaign", longest=100, synonyms=words("""
        source campaign, campaign name, marketing campaign, kampagne, quellkampagne, kampagnenname, campagne, nom
        de la campagne, campaña, nombre de la campaña, campagna, nome campagna""")),
    Field("type", "Type", longest=100, synonyms=words("""
        lead type, type of lead, category, kind, typ, leadtyp, art, kategorie, type de piste, catégorie, tipo,
        tipo de lead, categoría, tipo di lead, categoria""")),
    Field("priority", "Priority", longest=100, synonyms=words("""
        lead priority, priority code, urgency, priorität, dringlichkeit, priorité, urgence, prioridad, urgencia,
        priorità, urgenza""")),
    Field("rating", "Rating", longest=100, synonyms=words("""
        lead rating, temperature, rating code, warmth, score, bewertung, einstufung, notation, évaluation,
        température, calificación, valoración, temperatura, valutazione, classificazione""")),
    Field("owner", "Owner", longest=100, synonyms=words("""
        lead owner, owner name, sales representative, sales rep, rep, salesperson, responsible, assigned to,
        assignee, besitzer, inhaber, verantwortlich, zuständig, bearbeiter, vertriebsmitarbeiter, propriétaire,
        responsable, commercial, attribué à, propietario, vendedor, comercial, asignado a, proprietario,
        titolare, responsabile, assegnato a""")),
    Field("status", "Status", kind="choice", one_of=STATUS_WORDS, synonyms=words("""
        lead status, state, state code, status reason, zustand, leadstatus, statut, état, estado, situación,
        stato""")),
    Field("reason", "Reason", longest=200, synonyms=words("""
        disqualification reason, reason for disqualifying, lost reason, outcome reason, close reason, grund,
        ablehnungsgrund, begründung, raison, motif, motivo, razón, status reason""")),
    Field("created_on", "Created On", kind="date", synonyms=words("""
        created, created date, create date, creation date, date created, created at, opened, opened on, open
        date, received, received on, date, erstellt am, erstellt, erstelldatum, angelegt am, eingegangen am,
        eröffnet am, date de création, créé le, créée le, reçu le, fecha de creación, creado el, recibido el,
        data di creazione, data creazione, creato il, ricevuto il""")),
    Field("closed_on", "Closed On", kind="date", synonyms=words("""
        closed, closed date, close date, converted date, converted on, qualified on, disqualified on, date
        closed, abgeschlossen am, geschlossen am, konvertiert am, qualifiziert am, date de clôture, clôturé le,
        date de conversion, fecha de cierre, cerrado el, fecha de conversión, data di chiusura, chiuso il, data
        di conversione""")),
    Field("wake_on", "Postponed Until", kind="date", synonyms=words("""
        follow up on, follow up, follow up date, wake up date, remind on, next contact, postponed to,
        wiedervorlage, wiedervorlage am, zurückgestellt bis, relance le, date de relance, reporté au,
        seguimiento el, fecha de seguimiento, aplazado hasta, rinviato al, data di follow up""")),
    Field("description", "Description", longest=4000, synonyms=words("""
        notes, note, comments, comment, message, details, remarks, beschreibung, notizen, bemerkungen, nachricht,
        kommentar, commentaires, remarques, descripción, notas, comentarios, mensaje, descrizione, commenti,
        messaggio""")),
)  # fmt: skip
