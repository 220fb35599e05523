"""What people of the demo write down about their work and their decisions."""

#: (category, activity type, purpose, what came of it) of the work in each stage, from first talks to the contract.
WORK = [
    [
        ("action", "Call", "First call about the need", "Has budget for this year, wants a rough figure first."),
        ("action", "E-mail", "Send references and brochure", "Two references from the same trade. Asked for a visit."),
        ("appointment", "Meeting", "Introduction with purchasing", "Friendly, but they compare three suppliers."),
        (
            "appointment",
            "Site visit",
            "Look at the plant",
            "Cabinets from 1998, no spare parts left. They need to act.",
        ),
        ("event", "Meeting", "Talk at the trade fair", "Came to our stand with the plant manager."),
        ("task", "Note", "Check credit and references", "Solid; pays after 30 days."),
        ("action", "Letter", "Letter to the managing director", "Passed on to engineering."),
    ],
    [
        ("appointment", "Site visit", "Take measurements on site", "Access only from the north side; crane needed."),
        ("appointment", "Meeting", "Workshop on requirements", "List of 34 points; six of them are wishes."),
        ("task", "Note", "Draft the layout", "Two variants; the second keeps the old foundation."),
        ("action", "Call", "Ask about the budget", "Approved up to the amount we named, not beyond."),
        ("action", "E-mail", "Send questions on interfaces", "IT answers slowly; called twice."),
        ("task", "Note", "Estimate the engineering hours", "Estimator comes to 420 hours."),
        ("event", "Site visit", "Reference visit with the customer", "Operators talked to operators. Good day."),
    ],
    [
        ("task", "Note", "Write the budget offer", "Checked by the estimator and sent."),
        ("action", "E-mail", "Send the offer", "Arrived; purchasing answers within two weeks."),
        ("appointment", "Meeting", "Present the offer", "Questions about the warranty and the shutdown weeks."),
        ("action", "Call", "Follow up on the offer", "We are among the last two."),
        ("action", "Call", "Talk to the plant manager", "Prefers us, but purchasing pushes the price."),
        ("task", "Note", "Revise the price", "Took out the second camera; price down by 6 %."),
        ("event", "Meeting", "Day at our test hall", "Trial with their parts worked at full speed."),
    ],
    [
        ("appointment", "Meeting", "Negotiate the contract", "Penalty limited to 5 %; payment 30/60/10."),
        ("action", "Call", "Ask for the order", "Waiting for the signature of the board."),
        ("action", "E-mail", "Send the revised contract", "Their lawyer has two remarks."),
        ("task", "Note", "Clear the delivery date", "Panel shop can hold week 34."),
        ("appointment", "Meeting", "Last round with management", "They want to decide this month."),
    ],
]
#: (category, activity type, purpose) of the step that comes next, by stage.
NEXT_STEPS = [
    [
        ("action", "Call", "Call about budget and dates"),
        ("appointment", "Site visit", "Visit the plant"),
        ("action", "E-mail", "Send references"),
        ("event", "Meeting", "Meet at the trade fair"),
    ],
    [
        ("appointment", "Meeting", "Workshop with engineering"),
        ("task", "Note", "Finish the layout"),
        ("action", "Call", "Ask for the interface list"),
        ("appointment", "Site visit", "Measure the hall"),
    ],
    [
        ("task", "Note", "Revise the offer"),
        ("action", "Call", "Follow up on the offer"),
        ("appointment", "Meeting", "Present the offer"),
        ("event", "Meeting", "Trial day in our test hall"),
    ],
    [
        ("action", "Call", "Ask for the signature"),
        ("appointment", "Meeting", "Negotiate the contract"),
        ("task", "Note", "Confirm the delivery week"),
        ("action", "E-mail", "Send the final contract"),
    ],
]

#: outcome → (reason, note or None). Reasons that name a rival as winner stand in TO_A_RIVAL.
REASONS: dict[str, list[tuple[str, str | None]]] = {
    "won": [
        ("Fit", "They liked that one team does mechanics and software."),
        ("Relationship", "Third project with this customer."),
        ("Delivery date", "We were the only ones who could hold the summer shutdown."),
        ("Price", None),
        ("Only bidder", "The others withdrew after the site visit."),
        ("Fit", None),
        ("Other", "Won with the service contract that we offered on top."),
        ("Price", "Went down by 4 % in the last round."),
    ],
    "lost": [
        ("Price", "Purchasing decided on the figure alone."),
        ("Competitor preferred", "They have worked together for ten years."),
        ("No decision", "The investment was moved behind the new hall."),
        ("Fit", "They wanted a standard cell, ours was made to measure."),
        ("Price", None),
        ("Delivery date", "We could not start before autumn."),
        ("No answer", "Five calls, no answer since the offer."),
        ("Other", "The group ordered centrally for all plants."),
    ],
    "canceled": [
        ("Plan dropped", "The plant will be closed at the end of the year."),
        ("Duplicate", "Same request came through purchasing; kept the other one."),
        ("Plan dropped", "Budget was cut by the group."),
        ("Other", "The customer does it with people of their own."),
    ],
}
TO_A_RIVAL = ("Price", "Competitor preferred", "Fit", "Delivery date")
POSTPONED = [
    "Waiting for next year's budget.",
    "The new plant manager starts first.",
    "Shutdown was moved; they come back to us.",
    "Building permit is still open.",
    None,
]
RIVAL_NOTES = ["Has been on site twice.", "Offers a standard cell.", "Knows the purchasing manager well.", None, None]
PARTY_WORK = [
    ("appointment", "Meeting", "Yearly review", "Content with the service; asks for one contact person."),
    ("event", "Meeting", "Trade fair evening", "Long talk about the plans for next year."),
    ("action", "Call", "Courtesy call", "Nothing planned before summer."),
    ("action", "Letter", "Invitation to the open day", "Two people will come."),
    ("task", "Note", "Update the address and contacts", "Purchasing has moved to the main site."),
]
PARTY_STEPS = [
    ("event", "Meeting", "Open day at our works"),
    ("action", "Call", "Ask about plans for next year"),
    ("appointment", "Meeting", "Yearly review"),
    ("task", "Note", "Update contacts"),
]
