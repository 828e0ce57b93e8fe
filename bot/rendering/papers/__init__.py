"""Values for paper into HTML, Word files and PDFs: one template a paper, one set of words for all three."""
