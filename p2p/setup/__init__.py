"""What a company sets up: itself, code lists, number sequences, prognosis bands, the sales process, reasons."""
