"""Whoever else can say who somebody is: a mini-program's platform, an OpenID provider."""
