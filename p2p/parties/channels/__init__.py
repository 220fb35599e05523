"""How a party is reached: phone, e-mail, post, web sites; each with a purpose, one of a kind the primary one."""
