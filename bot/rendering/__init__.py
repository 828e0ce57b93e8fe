"""Values into HTML, text, pictures: what people see. The words are in templates/."""
