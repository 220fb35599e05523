"""One's own profile: name, theme, e-mail, password, sessions."""
